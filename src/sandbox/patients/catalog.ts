// The codes the charts are written with: RxNorm clinical drugs, LOINC measurements with UCUM units, usual ranges.

export interface DrugCode {
  code: string;
  display: string;
}

const drug = (code: string, display: string): DrugCode => ({ code, display });

export const drugs = {
  acetaminophen500: drug('198440', 'Acetaminophen 500 MG Oral Tablet'),
  albuterolNeb: drug('630208', 'albuterol 0.83 MG/ML Inhalation Solution'),
  alprazolam05: drug('308048', 'alprazolam 0.5 MG Oral Tablet'),
  amitriptyline25: drug('856834', 'amitriptyline hydrochloride 25 MG Oral Tablet'),
  amlodipine5: drug('197361', 'amlodipine 5 MG Oral Tablet'),
  amlodipine10: drug('308135', 'amlodipine 10 MG Oral Tablet'),
  amoxicillin500: drug('308191', 'amoxicillin 500 MG Oral Capsule'),
  apixaban5: drug('1364445', 'apixaban 5 MG Oral Tablet'),
  aspirin81: drug('318272', 'aspirin 81 MG Chewable Tablet'),
  atorvastatin40: drug('617311', 'atorvastatin 40 MG Oral Tablet'),
  atorvastatin80: drug('259255', 'atorvastatin 80 MG Oral Tablet'),
  azithromycin250: drug('308460', 'azithromycin 250 MG Oral Tablet'),
  carvedilol: drug('200031', 'carvedilol 6.25 MG Oral Tablet'),
  cefazolin2g: drug('1665060', 'cefazolin 2000 MG Injection'),
  clonazepam: drug('197527', 'clonazepam 0.5 MG Oral Tablet'),
  cyclobenzaprine10: drug('828348', 'cyclobenzaprine hydrochloride 10 MG Oral Tablet'),
  diphenhydramine25: drug('1049909', 'diphenhydramine hydrochloride 25 MG Oral Capsule'),
  donepezil10: drug('997223', 'donepezil hydrochloride 10 MG Oral Tablet'),
  ethinylestradiol: drug('722152', 'ethinyl estradiol 0.02 MG / levonorgestrel 0.09 MG Oral Tablet'),
  folicAcid1: drug('310410', 'Folic Acid 1 MG Oral Tablet'),
  furosemide40: drug('313988', 'furosemide 40 MG Oral Tablet'),
  gabapentin300: drug('310431', 'gabapentin 300 MG Oral Capsule'),
  glipizide5: drug('310490', 'glipizide 5 MG Oral Tablet'),
  hydroxyzine25: drug('995258', 'hydroxyzine hydrochloride 25 MG Oral Tablet'),
  insulinGlargine: drug('847230', '3 ML insulin glargine 100 UNT/ML Pen Injector'),
  levothyroxine50: drug('966221', 'Levothyroxine Sodium 0.05 MG Oral Tablet'),
  lisinopril10: drug('314076', 'lisinopril 10 MG Oral Tablet'),
  lisinopril20: drug('314077', 'lisinopril 20 MG Oral Tablet'),
  metformin500: drug('861007', 'metformin hydrochloride 500 MG Oral Tablet'),
  metformin1000: drug('861004', 'metformin hydrochloride 1000 MG Oral Tablet'),
  methotrexate25: drug('105585', 'methotrexate 2.5 MG Oral Tablet'),
  metoprololSuccinate50: drug('866436', '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet'),
  naproxen500: drug('198014', 'Naproxen 500 MG Oral Tablet'),
  omeprazole20: drug('198051', 'Omeprazole 20 MG Delayed Release Oral Capsule'),
  oxybutynin5: drug('863664', 'Oxybutynin chloride 5 MG Oral Tablet'),
  oxycodone10: drug('1049683', 'oxycodone hydrochloride 10 MG Oral Tablet'),
  piperacillinTazobactam: drug('1659149', 'piperacillin 4000 MG / tazobactam 500 MG Injection'),
  potassium20: drug('198116', 'Potassium Chloride 20 MEQ Extended Release Oral Tablet'),
  prednisone10: drug('198145', 'prednisone 10 MG Oral Tablet'),
  sertraline50: drug('312941', 'sertraline 50 MG Oral Tablet'),
  sertraline100: drug('312938', 'sertraline 100 MG Oral Tablet'),
  sildenafil50: drug('312950', 'sildenafil 50 MG Oral Tablet'),
  spironolactone25: drug('313096', 'spironolactone 25 MG Oral Tablet'),
  tamsulosin: drug('863669', 'Tamsulosin hydrochloride 0.4 MG Oral Capsule'),
  tramadol50: drug('835603', 'tramadol hydrochloride 50 MG Oral Tablet'),
  vancomycin1g: drug('1807513', 'vancomycin 1000 MG Injection'),
  vancomycin1500: drug('2049890', 'vancomycin 1500 MG Injection'),
  warfarin4: drug('855324', 'warfarin sodium 4 MG Oral Tablet'),
  warfarin5: drug('855332', 'warfarin sodium 5 MG Oral Tablet'),
} as const;

export interface LabCode {
  code: string;
  display: string;
  unit: string;
  low?: number;
  high?: number;
  /** Beyond these a laboratory telephones. */
  criticalLow?: number;
  criticalHigh?: number;
}

const lab = (
  code: string,
  display: string,
  unit: string,
  low?: number,
  high?: number,
  criticalLow?: number,
  criticalHigh?: number,
): LabCode => ({ code, display, unit, low, high, criticalLow, criticalHigh });

export const labs = {
  sodium: lab('2951-2', 'Sodium', 'mmol/L', 135, 145, 120, 160),
  potassium: lab('2823-3', 'Potassium', 'mmol/L', 3.5, 5.1, 2.8, 6.0),
  bicarbonate: lab('1963-8', 'Bicarbonate', 'mmol/L', 22, 29),
  urea: lab('3094-0', 'Urea nitrogen', 'mg/dL', 7, 20),
  creatinine: lab('2160-0', 'Creatinine', 'mg/dL', 0.6, 1.2),
  egfr: lab('98979-8', 'eGFR (CKD-EPI 2021)', 'mL/min/{1.73_m2}', 60),
  glucose: lab('2345-7', 'Glucose', 'mg/dL', 70, 140, 50, 400),
  hba1c: lab('4548-4', 'Hemoglobin A1c', '%', 4, 5.6),
  albuminCreatinine: lab('9318-7', 'Albumin/creatinine ratio, urine', 'mg/g', 0, 30),
  lactate: lab('2524-7', 'Lactate', 'mmol/L', 0.5, 2, undefined, 4),
  inr: lab('6301-6', 'INR', '{INR}', 0.9, 1.1, undefined, 5),
  hemoglobin: lab('718-7', 'Hemoglobin', 'g/dL', 12, 16, 7),
  wbc: lab('6690-2', 'Leukocytes', '10*3/uL', 4, 11, 1, 30),
  neutrophils: lab('751-8', 'Neutrophils', '10*3/uL', 1.8, 7.7, 0.5),
  platelets: lab('777-3', 'Platelets', '10*3/uL', 150, 400, 50, 1000),
  crp: lab('1988-5', 'C reactive protein', 'mg/L', 0, 5),
  procalcitonin: lab('33959-8', 'Procalcitonin', 'ng/mL', 0, 0.1),
  troponin: lab('89579-7', 'Troponin I, high sensitivity', 'ng/L', 0, 16),
  dDimer: lab('48065-7', 'D-dimer (FEU)', 'ng/mL{FEU}', 0, 500),
  bnp: lab('33762-6', 'NT-proBNP', 'pg/mL', 0, 300),
  alt: lab('1742-6', 'ALT', 'U/L', 7, 40),
  bilirubin: lab('1975-2', 'Bilirubin, total', 'mg/dL', 0.1, 1.2),
  albumin: lab('1751-7', 'Albumin', 'g/dL', 3.5, 5),
  ldl: lab('13457-7', 'LDL cholesterol', 'mg/dL', 0, 100),
  totalCholesterol: lab('2093-3', 'Cholesterol, total', 'mg/dL', 0, 200),
  hdl: lab('2085-9', 'HDL cholesterol', 'mg/dL', 40),
  tsh: lab('3016-3', 'TSH', 'm[IU]/L', 0.4, 4),
  vancomycinTrough: lab('4092-3', 'Vancomycin trough', 'ug/mL', 10, 20, undefined, 25),
  magnesium: lab('19123-9', 'Magnesium', 'mg/dL', 1.7, 2.4),
  calcium: lab('17861-6', 'Calcium', 'mg/dL', 8.5, 10.5),
  urate: lab('3084-1', 'Urate', 'mg/dL', 3.5, 7.2),
  hcg: lab('21198-7', 'hCG beta subunit', 'm[IU]/mL', 0, 5),
} as const;

export const vitals = {
  heartRate: lab('8867-4', 'Heart rate', '/min', 60, 100),
  respiratoryRate: lab('9279-1', 'Respiratory rate', '/min', 12, 20),
  temperature: lab('8310-5', 'Body temperature', 'Cel', 36.1, 37.8),
  saturation: lab('59408-5', 'Oxygen saturation', '%', 94),
  weight: lab('29463-7', 'Body weight', 'kg'),
  height: lab('8302-2', 'Body height', 'cm'),
  bmi: lab('39156-5', 'Body mass index', 'kg/m2'),
  systolic: lab('8480-6', 'Systolic blood pressure', 'mm[Hg]', 90, 140),
  diastolic: lab('8462-4', 'Diastolic blood pressure', 'mm[Hg]', 60, 90),
} as const;
