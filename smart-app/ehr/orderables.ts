// What can be ordered here: drugs by RxNorm clinical drug code, tests by LOINC. [code, name, other words to find it by, usual sig]

export interface Orderable {
  kind: 'drug' | 'test';
  code: string;
  display: string;
  words: string;
  sig: string;
}

type Row = [code: string, display: string, words: string, sig: string];

const drugRows: Row[] = [
  [
    '198335',
    'sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet',
    'TMP-SMX DS co-trimoxazole Bactrim antibiotic',
    '1 tablet twice daily for 7 days',
  ],
  ['1665021', 'ceftriaxone 1000 MG Injection', 'antibiotic cephalosporin Rocephin', '1 g IV once daily'],
  ['1665046', 'ceftriaxone 2000 MG Injection', 'antibiotic cephalosporin', '2 g IV once daily'],
  [
    '1648755',
    'nitrofurantoin, macrocrystals 25 MG / nitrofurantoin, monohydrate 75 MG Oral Capsule',
    'Macrobid antibiotic cystitis',
    '1 capsule twice daily for 5 days',
  ],
  ['808917', 'fosfomycin 3000 MG Powder for Oral Solution', 'antibiotic cystitis', '3 g once'],
  ['309309', 'ciprofloxacin 500 MG Oral Tablet', 'antibiotic quinolone', '1 tablet twice daily for 7 days'],
  ['311296', 'levofloxacin 750 MG Oral Tablet', 'antibiotic quinolone', '1 tablet once daily for 5 days'],
  ['308191', 'amoxicillin 500 MG Oral Capsule', 'antibiotic penicillin', '1 capsule three times daily for 7 days'],
  ['308189', 'amoxicillin 80 MG/ML Oral Suspension', 'antibiotic penicillin child', '7 mL twice daily for 7 days'],
  ['309114', 'cephalexin 500 MG Oral Capsule', 'antibiotic cephalosporin', '1 capsule four times daily for 7 days'],
  ['1665060', 'cefazolin 2000 MG Injection', 'antibiotic cephalosporin prophylaxis', '2 g IV once'],
  ['1665088', 'cefepime 2000 MG Injection', 'antibiotic cephalosporin', '2 g IV every 8 hours'],
  ['308460', 'azithromycin 250 MG Oral Tablet', 'antibiotic macrolide Zithromax', '2 tablets once daily for 3 days'],
  ['197517', 'clarithromycin 500 MG Oral Tablet', 'antibiotic macrolide', '1 tablet twice daily for 7 days'],
  ['1650143', 'doxycycline hyclate 100 MG Oral Tablet', 'antibiotic', '1 tablet twice daily for 7 days'],
  [
    '1659149',
    'piperacillin 4000 MG / tazobactam 500 MG Injection',
    'antibiotic Zosyn pip-tazo',
    '4.5 g IV every 6 hours',
  ],
  ['1807513', 'vancomycin 1000 MG Injection', 'antibiotic MRSA', '1 g IV every 12 hours'],
  ['311347', 'linezolid 600 MG Oral Tablet', 'antibiotic', '1 tablet twice daily for 10 days'],
  ['197699', 'Fluconazole 150 MG Oral Tablet', 'antifungal azole', '1 tablet once'],
  ['855332', 'warfarin sodium 5 MG Oral Tablet', 'anticoagulant Coumadin', '1 tablet once daily'],
  ['855324', 'warfarin sodium 4 MG Oral Tablet', 'anticoagulant Coumadin', '1 tablet once daily'],
  ['1364445', 'apixaban 5 MG Oral Tablet', 'anticoagulant Eliquis', '1 tablet twice daily'],
  [
    '854235',
    '0.4 ML enoxaparin sodium 100 MG/ML Prefilled Syringe',
    'anticoagulant heparin Lovenox prophylaxis',
    '40 mg once daily',
  ],
  [
    '854241',
    '0.8 ML Enoxaparin sodium 100 MG/ML Prefilled Syringe',
    'anticoagulant heparin Lovenox',
    '80 mg twice daily',
  ],
  ['318272', 'aspirin 81 MG Chewable Tablet', 'antiplatelet', '1 tablet once daily'],
  ['309362', 'clopidogrel 75 MG Oral Tablet', 'antiplatelet Plavix', '1 tablet once daily'],
  ['198039', 'nitroglycerin 0.4 MG Sublingual Tablet', 'nitrate angina', '1 tablet once'],
  ['312950', 'sildenafil 50 MG Oral Tablet', 'PDE5 Viagra', '1 tablet once daily as needed'],
  ['314076', 'lisinopril 10 MG Oral Tablet', 'ACE inhibitor', '1 tablet once daily'],
  ['314077', 'lisinopril 20 MG Oral Tablet', 'ACE inhibitor', '1 tablet once daily'],
  ['979492', 'losartan potassium 50 MG Oral Tablet', 'ARB', '1 tablet once daily'],
  ['896762', 'labetalol hydrochloride 200 MG Oral Tablet', 'beta blocker pregnancy', '1 tablet twice daily'],
  [
    '198034',
    '24 HR nifedipine 30 MG Extended Release Oral Tablet',
    'calcium channel blocker pregnancy',
    '1 tablet once daily',
  ],
  ['197361', 'amlodipine 5 MG Oral Tablet', 'calcium channel blocker', '1 tablet once daily'],
  ['866436', '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet', 'beta blocker', '1 tablet once daily'],
  ['833528', 'Amiodarone hydrochloride 200 MG Oral Tablet', 'antiarrhythmic QT', '1 tablet once daily'],
  ['197604', 'digoxin 0.125 MG Oral Tablet', 'heart failure', '1 tablet once daily'],
  ['313988', 'furosemide 40 MG Oral Tablet', 'loop diuretic', '1 tablet once daily'],
  ['313096', 'spironolactone 25 MG Oral Tablet', 'potassium sparing diuretic', '1 tablet once daily'],
  ['198116', 'Potassium Chloride 20 MEQ Extended Release Oral Tablet', 'electrolyte KCl', '1 tablet once daily'],
  ['310798', 'hydrochlorothiazide 25 MG Oral Tablet', 'thiazide diuretic', '1 tablet once daily'],
  ['198211', 'simvastatin 40 MG Oral Tablet', 'statin', '1 tablet nightly'],
  ['259255', 'atorvastatin 80 MG Oral Tablet', 'statin', '1 tablet nightly'],
  ['861004', 'metformin hydrochloride 1000 MG Oral Tablet', 'diabetes', '1 tablet twice daily'],
  ['861007', 'metformin hydrochloride 500 MG Oral Tablet', 'diabetes', '1 tablet twice daily'],
  ['310537', 'glyburide 5 MG Oral Tablet', 'sulfonylurea diabetes', '1 tablet twice daily'],
  ['310490', 'glipizide 5 MG Oral Tablet', 'sulfonylurea diabetes', '1 tablet once daily'],
  ['1545658', 'empagliflozin 10 MG Oral Tablet', 'SGLT2 diabetes Jardiance', '1 tablet once daily'],
  ['1551295', '0.5 ML dulaglutide 1.5 MG/ML Auto-Injector', 'GLP-1 diabetes Trulicity', '0.75 mg once weekly'],
  ['847230', '3 ML insulin glargine 100 UNT/ML Pen Injector', 'basal insulin Lantus', '20 units nightly'],
  ['197806', 'Ibuprofen 600 MG Oral Tablet', 'NSAID pain', '1 tablet three times daily for 5 days'],
  ['198014', 'Naproxen 500 MG Oral Tablet', 'NSAID pain', '1 tablet twice daily'],
  ['860096', 'ketorolac tromethamine 30 MG/ML Injectable Solution', 'NSAID pain injection', '30 mg IV every 6 hours'],
  ['205323', 'celecoxib 200 MG Oral Capsule', 'NSAID COX-2 pain', '1 capsule once daily'],
  ['198440', 'Acetaminophen 500 MG Oral Tablet', 'paracetamol Tylenol pain', '2 tablets three times daily as needed'],
  [
    '993755',
    'acetaminophen 24 MG/ML / codeine phosphate 2.4 MG/ML Oral Solution',
    'opioid child syrup',
    '5 mL every 6 hours as needed',
  ],
  ['835603', 'tramadol hydrochloride 50 MG Oral Tablet', 'opioid pain', '1 tablet three times daily'],
  ['1049621', 'oxycodone hydrochloride 5 MG Oral Tablet', 'opioid pain', '1 tablet every 6 hours as needed'],
  ['1659930', 'Naloxone Hydrochloride 0.4 MG/ML Injection', 'opioid antidote', '0.4 mg IV once'],
  ['308048', 'alprazolam 0.5 MG Oral Tablet', 'benzodiazepine anxiety Xanax', '1 tablet three times daily as needed'],
  ['197901', 'lorazepam 1 MG Oral Tablet', 'benzodiazepine anxiety', '1 tablet once daily as needed'],
  ['312941', 'sertraline 50 MG Oral Tablet', 'SSRI antidepressant', '1 tablet once daily'],
  ['309314', 'citalopram 40 MG Oral Tablet', 'SSRI antidepressant QT', '1 tablet once daily'],
  ['200371', 'citalopram 20 MG Oral Tablet', 'SSRI antidepressant QT', '1 tablet once daily'],
  ['856834', 'amitriptyline hydrochloride 25 MG Oral Tablet', 'tricyclic anticholinergic', '1 tablet nightly'],
  ['312744', 'quetiapine 25 MG Oral Tablet', 'antipsychotic QT', '1 tablet nightly'],
  [
    '1049909',
    'diphenhydramine hydrochloride 25 MG Oral Capsule',
    'antihistamine Benadryl anticholinergic',
    '2 capsules nightly',
  ],
  ['863664', 'Oxybutynin chloride 5 MG Oral Tablet', 'bladder anticholinergic', '1 tablet twice daily'],
  ['198052', 'Ondansetron 4 MG Oral Tablet', 'nausea QT', '1 tablet every 8 hours as needed'],
  ['105585', 'methotrexate 2.5 MG Oral Tablet', 'DMARD rheumatoid weekly', '6 tablets once weekly'],
  ['310410', 'Folic Acid 1 MG Oral Tablet', 'vitamin', '1 tablet once daily'],
  ['197319', 'Allopurinol 100 MG Oral Tablet', 'gout', '1 tablet once daily'],
  ['197541', 'Colchicine 0.6 MG Oral Tablet', 'gout', '1 tablet twice daily'],
  ['312615', 'prednisone 20 MG Oral Tablet', 'steroid', '2 tablets once daily for 5 days'],
  ['198051', 'Omeprazole 20 MG Delayed Release Oral Capsule', 'PPI stomach', '1 capsule once daily'],
  [
    '722152',
    'ethinyl estradiol 0.02 MG / levonorgestrel 0.09 MG Oral Tablet',
    'the pill contraceptive estrogen',
    '1 tablet once daily',
  ],
  ['313413', 'tizanidine 4 MG Oral Tablet', 'muscle relaxant', '1 tablet three times daily'],
];

const testRows: Row[] = [
  ['6301-6', 'INR', 'coagulation warfarin', 'in 3 days'],
  ['2823-3', 'Potassium', 'electrolyte K', 'today'],
  ['2160-0', 'Creatinine', 'kidney', 'today'],
  ['51990-0', 'Basic metabolic panel', 'BMP electrolytes kidney', 'today'],
  ['58410-2', 'Complete blood count', 'CBC hemoglobin platelets', 'today'],
  ['2524-7', 'Lactate', 'sepsis', 'now'],
  ['600-7', 'Blood culture', 'sepsis bacteria', 'now, before antibiotics'],
  ['630-4', 'Urine culture', 'bacteria cystitis', 'now'],
  ['89579-7', 'Troponin I, high sensitivity', 'chest pain heart', 'now and in 1 hour'],
  ['48065-7', 'D-dimer (FEU)', 'embolism thrombosis', 'now'],
  ['24627-2', 'CT chest', 'imaging embolism angiogram', 'now'],
  ['11524-6', 'ECG, 12 leads', 'EKG QT heart', 'now'],
  ['4092-3', 'Vancomycin trough', 'level', 'before the next dose'],
  ['4548-4', 'Hemoglobin A1c', 'diabetes', 'today'],
  ['21198-7', 'hCG beta subunit', 'pregnancy', 'today'],
];

const rows = (kind: Orderable['kind'], list: Row[]): Orderable[] =>
  list.map(([code, display, words, sig]) => ({ kind, code, display, words, sig }));

export const orderables: Orderable[] = [...rows('drug', drugRows), ...rows('test', testRows)];

/** Every word typed must begin a word of the name or its synonyms; names that begin with the text come first. */
export function findOrderables(text: string, limit = 8): Orderable[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = orderables.filter(({ display, words: more }) => {
    const known = `${display} ${more}`.toLowerCase().split(/[\s/,()-]+/);
    return words.every(
      (word) =>
        known.some((one) => one.startsWith(word.replace(/-/g, ''))) ||
        `${display} ${more}`.toLowerCase().includes(word),
    );
  });
  const begins = (one: Orderable) => (one.display.toLowerCase().startsWith(words[0]!) ? 0 : 1);
  return hits.sort((a, b) => begins(a) - begins(b)).slice(0, limit);
}
