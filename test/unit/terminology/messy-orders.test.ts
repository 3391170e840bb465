// How orders are really written: one line an order, as EHRs and prescribers word them, and what must be understood.
import { describe, expect, test } from 'vitest';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';
import { isUnknown } from '../../../src/unknown.ts';

const terminology = loadTerminology();

/** words | ingredients in the order of the words | route, `local` when it does not reach the circulation | strengths */
const orders = `
CPAP | medical supply | -
Ensure Plus 8 oz | nutritional supplement | -
metoprolol 25 mg, ensure HR > 60 | metoprolol | - | 25 mg
5-ASA 800 mg EC tab | mesalamine | oral | 800 mg
6-MP 50 mg tab | mercaptopurine | oral | 50 mg
5-FU 5 % cream | fluorouracil | topical local | 5 %
MAG CITRATE ORAL SOLUTION 296 ML | magnesium citrate | oral
NaHCO3 50 mEq IV push | sodium bicarbonate | parenteral | 50 meq
Vit K 10 mg IV | phytonadione | parenteral | 10 mg
ferrous sulf 325 mg | ferrous sulfate | - | 325 mg
POTASSIUM CL ER 20 MEQ TABLET | potassium chloride | oral | 20 meq
HYDROCOD/APAP TAB 5-325MG | hydrocodone + acetaminophen | oral | 5 mg; 325 mg
HYDROCO/APAP 5-325 MG | hydrocodone + acetaminophen | - | 5 mg; 325 mg
DEXTROAMP-AMPHETAMIN 20 MG TAB | dextroamphetamine + amphetamine | oral | 20 mg
TOBRAMYCIN-DEXAMETH OPHTH SUSP | tobramycin + dexamethasone | ophthalmic local
METOPROLOL SUCCIN ER 50 MG | metoprolol | - | 50 mg
triamcinolone 0.1 % crm | triamcinolone | topical local | 0.1 %
salbutamol 2.5 mg nebules | albuterol | inhaled local | 2.5 mg
Pylera 140-125-125 mg | bismuth subcitrate + metronidazole + tetracycline | - | 140 mg; 125 mg; 125 mg
Voquezna Triple Pak | vonoprazan + amoxicillin + clarithromycin | -
Lutera 28 day | levonorgestrel + ethinyl estradiol | -
metoprolol succ ER 50 mg daily | metoprolol | - | 50 mg
HCTZ 12.5 mg | hydrochlorothiazide | - | 12.5 mg
ASA 81 | aspirin | - | 81 mg
ASA EC 81 mg PO daily | aspirin | oral | 81 mg
APAP/codeine #3 | acetaminophen + codeine | oral | 300 mg; 30 mg
APAP 500 mg q6h prn | acetaminophen | - | 500 mg
acetaminophen w/ codeine 300-30 mg tab | acetaminophen + codeine | oral | 300 mg; 30 mg
Vit D 1000 units | cholecalciferol | - | 1000 [iU]
Vitamin D3 50,000 unit cap weekly | cholecalciferol | oral | 50000 [iU]
Vit B12 1000 mcg IM monthly | cyanocobalamin | parenteral | 1 mg
Lasix 40 PO BID | furosemide | oral | 40 mg
LASIX 40MG TAB | furosemide | oral | 40 mg
sulfamethoxazole-trimethoprim 800-160 mg per tablet | sulfamethoxazole + trimethoprim | oral | 800 mg; 160 mg
SULFAMETHOXAZOLE-TRIMETHOPRIM 200-40 MG/5 ML ORAL SUSP | sulfamethoxazole + trimethoprim | oral | 200 mg/5 mL; 40 mg/5 mL
trimethoprim-sulfamethoxazole 160-800 | trimethoprim + sulfamethoxazole | - | 800 mg; 160 mg
hydrocodone-acetaminophen 10-325 mg per tablet | hydrocodone + acetaminophen | oral | 10 mg; 325 mg
oxycodone-acetaminophen 5-325 | oxycodone + acetaminophen | - | 325 mg; 5 mg
ipratropium-albuterol 0.5 mg-2.5 mg/3 mL nebulizer solution | ipratropium + albuterol | inhaled local | 0.5 mg/3 mL; 2.5 mg/3 mL
ipratropium-albuterol 0.5 mg-3 mg(2.5 mg base)/3 mL nebulizer soln | ipratropium + albuterol | inhaled local | 0.5 mg/3 mL; 2.5 mg/3 mL
ferrous sulfate 75 mg (15 mg elemental iron)/mL oral drops | ferrous sulfate | oral | 15 mg/1 mL
ferrous sulfate 15 mg elemental/mL drops | ferrous sulfate | - | 15 mg/1 mL
amoxicillin-clavulanate 875-125 mg | amoxicillin + clavulanate | - | 875 mg; 125 mg
amoxicillin-pot clavulanate 600-42.9 mg/5 mL susp | amoxicillin + clavulanate | oral | 600 mg/5 mL; 42.9 mg/5 mL
fluticasone-salmeterol 250-50 mcg/dose inhaler | fluticasone + salmeterol | inhaled local | 0.25 mg/1 {actuat}; 0.05 mg/1 {actuat}
budesonide-formoterol 160-4.5 mcg/actuation HFA | budesonide + formoterol | inhaled local | 0.16 mg/1 {actuat}; 0.0045 mg/1 {actuat}
Advair Diskus 250/50 | fluticasone + salmeterol | inhaled local
Symbicort 160/4.5 | budesonide + formoterol | inhaled local
albuterol 90 mcg/actuation inhaler | albuterol | inhaled local | 0.09 mg/1 {actuat}
albuterol sulfate HFA 90 mcg/actuation aerosol inhaler | albuterol | inhaled local | 0.09 mg/1 {actuat}
albuterol 2.5 mg/3 mL (0.083%) neb | albuterol | inhaled local | 2.5 mg/3 mL
fluticasone 50 mcg/actuation nasal spray | fluticasone | nasal local | 0.05 mg/1 {actuat}
insulin glargine 100 unit/mL (3 mL) subcutaneous pen | insulin glargine | parenteral | 100 [iU]/1 mL
insulin aspart U-100 100 unit/mL | insulin aspart | parenteral | 100 [iU]/1 mL
insulin lispro 100 units/mL, inject 10 units TID | insulin lispro | parenteral | 100 [iU]/1 mL
heparin 5,000 unit/mL | heparin | parenteral | 5000 [iU]/1 mL
heparin (porcine) 25,000 units/250 mL in D5W | heparin | parenteral | 25000 [iU]/250 mL
potassium chloride 20 mEq ER tablet | potassium chloride | oral | 20 meq
potassium chloride 20 mEq/15 mL (10%) oral liquid | potassium chloride | oral | 20 meq/15 mL
sodium bicarbonate 8.4% 50 mEq/50 mL | sodium bicarbonate | - | 50 meq/50 mL
dextrose 5 % and 0.45 % NaCl with KCl 20 mEq/L | potassium chloride | parenteral | 20 meq/1000 mL
KCl 20 mEq in D5 1/2NS 1000 mL | potassium chloride | parenteral | 20 meq
D5 1/2 NS with 20 mEq KCl/L | potassium chloride | parenteral | 20 meq
lisinopril-hydrochlorothiazide 20-12.5 mg | lisinopril + hydrochlorothiazide | - | 20 mg; 12.5 mg
losartan-HCTZ 100-25 | losartan + hydrochlorothiazide | - | 25 mg; 100 mg
triamterene-hydrochlorothiazid 37.5-25 mg | triamterene + hydrochlorothiazide | - | 37.5 mg; 25 mg
amlodipine-benazepril 5-20 | amlodipine + benazepril | - | 5 mg; 20 mg
bisoprolol-hctz 5-6.25 | bisoprolol + hydrochlorothiazide | - | 5 mg; 6.25 mg
carbidopa-levodopa 25-100 | carbidopa + levodopa | - | 25 mg; 100 mg
sacubitril-valsartan 24-26 | sacubitril + valsartan | - | 24 mg; 26 mg
olmesartan-amlodipine-HCTZ 40-10-25 | olmesartan + amlodipine + hydrochlorothiazide | - | 10 mg; 25 mg; 40 mg
codeine-guaifenesin 10-100 mg/5 mL | codeine + guaifenesin | - | 10 mg/5 mL; 100 mg/5 mL
promethazine-DM 6.25-15 mg/5 mL | promethazine + dextromethorphan | - | 6.25 mg/5 mL; 15 mg/5 mL
butalbital-acetaminophen-caffeine 50-325-40 | butalbital + acetaminophen + caffeine | - | 325 mg; 50 mg; 40 mg
ethinyl estradiol-norethindrone 1-20 mg-mcg | ethinyl estradiol + norethindrone | - | 0.02 mg; 1 mg
Norgestimate-ethinyl estradiol 0.18/0.215/0.25 mg-35 mcg | norgestimate + ethinyl estradiol | -
emtricitabine-tenofovir 200-300 | emtricitabine + tenofovir disoproxil | - | 200 mg; 300 mg
hydrocortisone 1 % topical cream | hydrocortisone | topical local | 1 %
clobetasol 0.05% oint | clobetasol | topical local | 0.05 %
diclofenac 1 % gel | diclofenac | topical local | 1 %
diclofenac sodium 75 mg EC tab | diclofenac | oral | 75 mg
lidocaine 5 % patch | lidocaine | transdermal local | 5 %
timolol 0.5 % ophth | timolol | ophthalmic local | 0.5 %
ketorolac 0.5 % eye drops | ketorolac | ophthalmic local | 0.5 %
ketorolac 30 mg/mL inj | ketorolac | parenteral | 30 mg/1 mL
ciprofloxacin-dexamethasone otic | ciprofloxacin + dexamethasone | otic local
neomycin-polymyxin-hydrocortisone ear drops | neomycin + polymyxin b + hydrocortisone | otic local
estradiol 0.01% vaginal cream | estradiol | vaginal local | 0.01 %
metronidazole 0.75 % vaginal gel | metronidazole | vaginal local | 0.75 %
clotrimazole 1% cream | clotrimazole | topical local | 1 %
nystatin 100,000 unit/mL suspension | nystatin | oral | 100000 [iU]/1 mL
nystatin 100000 units/g powder topical | nystatin | topical local | 100000 [iU]/1000 mg
tobramycin-dexamethasone 0.3-0.1% eye susp | tobramycin + dexamethasone | ophthalmic local | 0.3 %; 0.1 %
erythromycin 5 mg/gram (0.5%) eye ointment | erythromycin | ophthalmic local | 5 mg/1000 mg
nitroglycerin 0.4 mg SL | nitroglycerin | sublingual | 0.4 mg
nitroglycerin 2% ointment | nitroglycerin | topical | 2 %
fentanyl 25 mcg/hr patch | fentanyl | transdermal | 0.025 mg/1 h
fentanyl 50 mcg/h TD72 | fentanyl | transdermal | 0.05 mg/1 h
buprenorphine 10 mcg/hour weekly patch | buprenorphine | transdermal | 0.01 mg/1 h
buprenorphine-naloxone 8-2 mg SL film | buprenorphine + naloxone | sublingual | 8 mg; 2 mg
estradiol 0.05 mg/24 hr patch | estradiol | transdermal | 0.05 mg/24 h
clonidine 0.1 mg/24 hr patch weekly | clonidine | transdermal | 0.1 mg/24 h
testosterone 1.62 % gel pump | testosterone | topical | 1.62 %
testosterone cypionate 200 mg/mL IM oil | testosterone | parenteral | 200 mg/1 mL
medroxyprogesterone 150 mg/mL IM | medroxyprogesterone | parenteral | 150 mg/1 mL
methotrexate 2.5 mg tablets, take 6 tabs once weekly | methotrexate | oral | 2.5 mg
enoxaparin 40 mg/0.4 mL subq | enoxaparin | parenteral | 40 mg/0.4 mL
enoxaparin 80 mg/0.8 mL syringe | enoxaparin | parenteral | 80 mg/0.8 mL
Ozempic 1 mg/dose (4 mg/3 mL) | semaglutide | parenteral | 1 mg/1 {actuat}
dulaglutide 0.75 mg/0.5 mL | dulaglutide | parenteral | 0.75 mg/0.5 mL
adalimumab 40 mg/0.4 mL | adalimumab | parenteral | 40 mg/0.4 mL
epoetin alfa 10,000 unit/mL | epoetin alfa | parenteral | 10000 [iU]/1 mL
levothyroxine 0.1 mg | levothyroxine | - | 0.1 mg
levothyroxine 88 mcg | levothyroxine | - | 0.088 mg
digoxin 125 mcg (0.125 mg) | digoxin | - | 0.125 mg
prednisone 10 mg dose pack | prednisone | - | 10 mg
methylprednisolone 4 mg Dosepak | methylprednisolone | - | 4 mg
Medrol (Pak) 4 mg | methylprednisolone | - | 4 mg
amiodarone HCl 200mg | amiodarone | - | 200 mg
verapamil SR 240 | verapamil | - | 240 mg
diltiazem CD 180 mg/24hr | diltiazem | - | 180 mg/24 h
nifedipine XL 30 | nifedipine | - | 30 mg
venlafaxine XR 75 | venlafaxine | - | 75 mg
bupropion HCl XL 300 mg | bupropion | - | 300 mg
Wellbutrin SR | bupropion | -
morphine IR 15 | morphine | - | 15 mg
morphine ER 30 mg q12h | morphine | - | 30 mg
oxycodone ER (OxyContin) 20 mg | oxycodone | - | 20 mg
hydromorphone 2 mg/mL IV PCA | hydromorphone | parenteral | 2 mg/1 mL
ketamine 50 mg/5 mL | ketamine | - | 50 mg/5 mL
vancomycin 1.25 g in NaCl 0.9% 250 mL IVPB | vancomycin | parenteral | 1250 mg
piperacillin-tazobactam 3.375 g IV | piperacillin + tazobactam | parenteral
ceftriaxone 1 g IVPB | ceftriaxone | parenteral | 1000 mg
cefepime 2 gram IV | cefepime | parenteral | 2000 mg
meropenem 1 g in 0.9% NaCl 50 mL | meropenem | parenteral | 1000 mg
ampicillin-sulbactam 3 g | ampicillin + sulbactam | -
magnesium sulfate 2 g/50 mL | magnesium sulfate | - | 2000 mg/50 mL
calcium carbonate-vitamin D3 600 mg-400 unit | calcium carbonate + cholecalciferol | - | 600 mg; 400 [iU]
ferrous sulfate 325 mg (65 mg iron) | ferrous sulfate | - | 325 mg
multivitamin with minerals | multivitamin with minerals | -
multivitamin with iron | multivitamin with minerals | -
omega-3 fatty acids-fish oil 300-1,000 mg | omega-3 fatty acids | -
aspirin-dipyridamole 25-200 mg | aspirin + dipyridamole | - | 25 mg; 200 mg
senna-docusate 8.6-50 mg | senna + docusate | - | 8.6 mg; 50 mg
phenylephrine-chlorpheniramine-DM | phenylephrine + chlorpheniramine + dextromethorphan | -
naproxen sodium 220 mg (Aleve) | naproxen | - | 220 mg
Tylenol Extra Strength 500 | acetaminophen | - | 500 mg
ibuprofen (ADVIL;MOTRIN) 200 mg | ibuprofen | - | 200 mg
acetaminophen (TYLENOL) tablet 650 mg | acetaminophen | oral | 650 mg
atorvastatin (LIPITOR) 40 MG tablet | atorvastatin | oral | 40 mg
furosemide (LASIX) injection 40 mg | furosemide | parenteral | 40 mg
ondansetron ODT (ZOFRAN-ODT) 4 MG disintegrating tablet | ondansetron | oral | 4 mg
insulin lispro (HumaLOG) correction scale | insulin lispro | parenteral
sodium chloride 0.9 % flush 10 mL | sodium chloride | - | 0.9 %
propofol infusion 10 mg/mL | propofol | parenteral | 10 mg/1 mL
norepinephrine 8 mg/250 mL | norepinephrine | parenteral | 8 mg/250 mL
sulfasalazine EN 500 | sulfasalazine | - | 500 mg
milk of magnesia | magnesium hydroxide | -
PTU 50 mg | propylthiouracil | - | 50 mg
MTX 15 mg weekly | methotrexate | - | 15 mg
NTG SL prn | nitroglycerin | sublingual
ISMN 30 | isosorbide mononitrate | - | 30 mg
TMP-SMX DS | sulfamethoxazole + trimethoprim | oral | 800 mg; 160 mg
SMZ/TMP DS | sulfamethoxazole + trimethoprim | oral | 800 mg; 160 mg
PCN VK 500 | penicillin v | oral | 500 mg
amox/clav 875/125 | amoxicillin + clavulanate | - | 875 mg; 125 mg
cipro | ciprofloxacin | -
doxy 100 bid | doxycycline | - | 100 mg
azithro 250 | azithromycin | - | 250 mg
beclomethasone 80 mcg inh | beclomethasone | inhaled local | 0.08 mg
INH 300 mg | isoniazid | - | 300 mg
isoniazid (INH) 300 mg | isoniazid | - | 300 mg
ferrous sulfate 325 mg (65 mg elemental iron) tablet | ferrous sulfate | oral | 325 mg
calcium carbonate 500 mg calcium (1,250 mg) chewable | calcium carbonate | oral | 500 mg
magnesium oxide 400 mg (241.3 mg magnesium) | magnesium oxide | - | 400 mg
zinc sulfate 220 mg (50 mg zinc) | zinc sulfate | - | 220 mg
potassium chloride 20 mEq (1,500 mg potassium) | potassium chloride | - | 20 meq
levothyroxine and iron | levothyroxine + iron | -
dorzolamide-timolol 22.3-6.8 mg/mL eye drops | dorzolamide + timolol | ophthalmic local | 22.3 mg/1 mL; 6.8 mg/1 mL
dorzolamide-timolol | dorzolamide + timolol | ophthalmic local
fluticasone furoate-vilanterol 100-25 mcg | fluticasone + vilanterol | inhaled local | 0.1 mg; 0.025 mg
fluticasone-umeclidinium-vilanterol 100-62.5-25 mcg | fluticasone + umeclidinium + vilanterol | inhaled local | 0.1 mg; 0.0625 mg; 0.025 mg
Norethindrone-ethin estradiol 1-20 mg-mcg | norethindrone + ethinyl estradiol | - | 1 mg; 0.02 mg
norgestimate-ethinyl estradiol 0.25-35 mg-mcg | norgestimate + ethinyl estradiol | - | 0.25 mg; 0.035 mg
drospirenone-ethinyl estradiol 3-0.02 mg | drospirenone + ethinyl estradiol | - | 3 mg; 0.02 mg
brompheniramine-pseudoeph-DM 2-30-10 mg/5 mL | brompheniramine + pseudoephedrine + dextromethorphan | - | 2 mg/5 mL; 30 mg/5 mL; 10 mg/5 mL
vancomycin 1.25 g in NaCl 0.9% 250 mL | vancomycin | parenteral | 1250 mg
heparin 25,000 units in D5W 250 mL | heparin | parenteral | 25000 [iU]
KCl 40 mEq in NS 1 L | potassium chloride | parenteral | 40 meq
metronidazole 500 mg, avoid alcohol | metronidazole | - | 500 mg
simvastatin 40 mg - avoid grapefruit juice | simvastatin | - | 40 mg
diazepam rectal gel 10 mg | diazepam | rectal | 10 mg
haloperidol decanoate | haloperidol | parenteral
bacitracin-polymyxin B ophth oint | bacitracin + polymyxin b | ophthalmic local
neomycin-polymyxin-HC otic | neomycin + polymyxin b + hydrocortisone | otic local
blood glucose test strips | medical supply | -
alcohol swabs | medical supply | -
lancets 33 gauge | medical supply | -
FreeStyle Libre 3 sensor | medical supply | -
insulin glargine pen with pen needles | insulin glargine | parenteral
acetaminophen-codeine #3 tablet | acetaminophen + codeine | oral | 300 mg; 30 mg
Tylenol #4 | acetaminophen + codeine | oral | 300 mg; 60 mg
aspirin/acetaminophen/caffeine 250-250-65 | aspirin + acetaminophen + caffeine | - | 250 mg; 250 mg; 65 mg
oxyCODONE-acetaminophen (PERCOCET) 5-325 mg per tablet | oxycodone + acetaminophen | oral | 5 mg; 325 mg
sulfamethoxazole-trimethoprim (BACTRIM DS,SEPTRA DS) 800-160 mg per tablet | sulfamethoxazole + trimethoprim | oral | 800 mg; 160 mg
amoxicillin-clavulanate (AUGMENTIN) 875-125 mg per tablet | amoxicillin + clavulanate | oral | 875 mg; 125 mg
ipratropium-albuterol (DUO-NEB) 0.5 mg-3 mg(2.5 mg base)/3 mL nebulizer solution | ipratropium + albuterol | inhaled local | 0.5 mg/3 mL; 2.5 mg/3 mL
lisinopril-hydrochlorothiazide (PRINZIDE,ZESTORETIC) 20-12.5 mg per tablet | lisinopril + hydrochlorothiazide | oral | 20 mg; 12.5 mg
carbidopa-levodopa (SINEMET) 25-100 mg per tablet | carbidopa + levodopa | oral | 25 mg; 100 mg
piperacillin-tazobactam (ZOSYN) 4.5 g in sodium chloride 0.9 % 100 mL IVPB | piperacillin + tazobactam | parenteral
metoprolol succinate (TOPROL-XL) 24 hr tablet 50 mg | metoprolol | oral | 50 mg
fluticasone (FLONASE) 50 mcg/act nasal spray | fluticasone | nasal local | 0.05 mg/1 {actuat}
albuterol (PROVENTIL HFA;VENTOLIN HFA) 108 (90 Base) MCG/ACT inhaler | albuterol | inhaled local | 0.09 mg/1 {actuat}
fluticasone-salmeterol (ADVAIR DISKUS) 250-50 MCG/DOSE AEPB | fluticasone + salmeterol | inhaled local | 0.25 mg/1 {actuat}; 0.05 mg/1 {actuat}
insulin glargine (LANTUS SOLOSTAR) 100 UNIT/ML injection pen | insulin glargine | parenteral | 100 [iU]/1 mL
polyethylene glycol (MIRALAX) 17 g packet | polyethylene glycol | oral | 17000 mg
ergocalciferol (VITAMIN D2) 50,000 units capsule | ergocalciferol | oral | 50000 [iU]
cyanocobalamin 1,000 mcg/mL | cyanocobalamin | - | 1 mg/1 mL
penicillin G benzathine (BICILLIN L-A) 1.2 million units/2 mL | penicillin g | parenteral | 1200000 [iU]/2 mL
penicillin G potassium 5 million units | penicillin g | parenteral | 5000000 [iU]
epinephrine 1 mg/mL (1:1,000) | epinephrine | parenteral | 1 mg/1 mL
digoxin 0.25mg/ml | digoxin | - | 0.25 mg/1 mL
morphine 10 mg/5 mL oral solution | morphine | oral | 10 mg/5 mL
morphine concentrate 100 mg/5 mL (20 mg/mL) | morphine | - | 100 mg/5 mL
hydrocodone-acetaminophen 7.5-325 mg/15 mL | hydrocodone + acetaminophen | - | 7.5 mg/15 mL; 325 mg/15 mL
acetaminophen 160 mg/5 mL liquid | acetaminophen | - | 160 mg/5 mL
ibuprofen 100 mg/5 mL suspension | ibuprofen | oral | 100 mg/5 mL
amoxicillin 400 mg/5 mL susp | amoxicillin | oral | 400 mg/5 mL
azithromycin 200 mg/5 mL | azithromycin | - | 200 mg/5 mL
phenytoin 125 mg/5 mL | phenytoin | - | 125 mg/5 mL
levetiracetam 100 mg/mL | levetiracetam | - | 100 mg/1 mL
gabapentin 250 mg/5 mL | gabapentin | - | 250 mg/5 mL
furosemide 10 mg/mL | furosemide | - | 10 mg/1 mL
furosemide 40mg/4mL | furosemide | - | 40 mg/4 mL
methotrexate 25 mg/mL | methotrexate | - | 25 mg/1 mL
cisatracurium 2 mg/mL | cisatracurium | parenteral | 2 mg/1 mL
norepinephrine 0.05 mcg/kg/min | norepinephrine | parenteral
vancomycin 15 mg/kg IV q12h | vancomycin | parenteral
heparin 18 units/kg/hr | heparin | parenteral
insulin regular 0.1 units/kg/hr | insulin regular | parenteral
nicotine 14 mg/24hr | nicotine | - | 14 mg/24 h
fentanyl 12 mcg/hr | fentanyl | - | 0.012 mg/1 h
medroxyprogesterone 150 mg/mL | medroxyprogesterone | - | 150 mg/1 mL
ketorolac 15 mg/mL | ketorolac | - | 15 mg/1 mL
ceftriaxone 250mg IM x1 | ceftriaxone | parenteral | 250 mg
timolol 0.25% eye gtts | timolol | ophthalmic local | 0.25 %
timolol 10 mg tablet | timolol | oral | 10 mg
nystatin swish and swallow | nystatin | oral
nystatin 500,000 unit tab | nystatin | oral | 500000 [iU]
triamcinolone 0.1 % cream | triamcinolone | topical local | 0.1 %
triamcinolone acetonide 40 mg/mL (Kenalog-40) injection | triamcinolone | parenteral | 40 mg/1 mL
triamcinolone 55 mcg nasal spray | triamcinolone | nasal local | 0.055 mg
betamethasone valerate 0.1% lotion | betamethasone | topical local | 0.1 %
ketoconazole 2 % shampoo | ketoconazole | topical local | 2 %
ketoconazole 200 mg | ketoconazole | - | 200 mg
fluconazole 150 mg once | fluconazole | - | 150 mg
miconazole 2% vaginal cream | miconazole | vaginal local | 2 %
miconazole 50 mg buccal tablet | miconazole | sublingual | 50 mg
clindamycin 1% lotion | clindamycin | topical local | 1 %
clindamycin 2 % vaginal cream | clindamycin | vaginal local | 2 %
metronidazole 1% gel | metronidazole | topical local | 1 %
metronidazole 500 mg IVPB | metronidazole | parenteral | 500 mg
erythromycin ophth oint | erythromycin | ophthalmic local
gentamicin 0.3% ophthalmic | gentamicin | ophthalmic local | 0.3 %
gentamicin 80 mg/2 mL | gentamicin | - | 80 mg/2 mL
ofloxacin 0.3 % otic | ofloxacin | otic local | 0.3 %
ciprofloxacin 0.3 % ophth soln | ciprofloxacin | ophthalmic local | 0.3 %
ciprofloxacin 500 | ciprofloxacin | - | 500 mg
dexamethasone 0.1% ophthalmic | dexamethasone | ophthalmic local | 0.1 %
prednisolone acetate 1% eye drops | prednisolone | ophthalmic local | 1 %
Pred Forte | prednisolone | ophthalmic local
cyclosporine 0.05% eye emulsion | cyclosporine | ophthalmic local | 0.05 %
Restasis | cyclosporine | ophthalmic local
cyclosporine modified 100 mg | cyclosporine | - | 100 mg
tacrolimus 0.1% ointment | tacrolimus | topical local | 0.1 %
Protopic | tacrolimus | topical local
acyclovir 5% cream | acyclovir | topical local | 5 %
acyclovir 400 mg | acyclovir | - | 400 mg
lidocaine 4% patch OTC | lidocaine | transdermal local | 4 %
lidocaine-prilocaine cream | lidocaine + prilocaine | topical local
lidocaine 1 % injection | lidocaine | parenteral | 1 %
lidocaine 20 mg/mL IV push | lidocaine | parenteral | 20 mg/1 mL
capsaicin 0.025% cream | capsaicin | topical local | 0.025 %
Voltaren Arthritis Pain gel | diclofenac | topical local
Pennsaid 2% | diclofenac | topical local | 2 %
Flector patch | diclofenac | transdermal local
diclofenac epolamine patch | diclofenac | transdermal local
ketorolac nasal | ketorolac | nasal
Sprix | ketorolac | nasal
budesonide 0.5 mg/2 mL neb suspension | budesonide | inhaled local | 0.5 mg/2 mL
budesonide EC 3 mg caps | budesonide | oral | 3 mg
Pulmicort Flexhaler | budesonide | inhaled local
Rhinocort Aqua | budesonide | nasal local
Entocort EC | budesonide | -
fluticasone furoate-vilanterol | fluticasone + vilanterol | inhaled local
fluticasone propionate cream 0.05% | fluticasone | topical local | 0.05 %
mometasone nasal | mometasone | nasal local
mometasone 0.1 % ointment | mometasone | topical local | 0.1 %
Asmanex Twisthaler | mometasone | inhaled local
ipratropium 0.06% nasal spray | ipratropium | nasal local | 0.06 %
ipratropium 0.02 % neb | ipratropium | inhaled local | 0.02 %
tiotropium 18 mcg inhalation capsule | tiotropium | inhaled local | 0.018 mg
Spiriva HandiHaler | tiotropium | inhaled local
umeclidinium | umeclidinium | inhaled local
albuterol 4 mg tablet | albuterol | oral | 4 mg
albuterol syrup 2 mg/5 mL | albuterol | oral | 2 mg/5 mL
levalbuterol HFA | levalbuterol | inhaled local
salmeterol | salmeterol | inhaled local
formoterol | formoterol | inhaled local
tobramycin 300 mg/5 mL inhalation | tobramycin | inhaled local | 300 mg/5 mL
TOBI podhaler | tobramycin | inhaled local
aztreonam inhalation (Cayston) | aztreonam | inhaled local
colistimethate neb | colistin | inhaled local
amphotericin B | amphotericin b | parenteral
ribavirin inhalation | ribavirin | inhaled local
zanamivir | zanamivir | inhaled local
Afrin | oxymetazoline | nasal local
phenylephrine nasal spray 0.5% | phenylephrine | nasal local | 0.5 %
phenylephrine 2.5% ophth | phenylephrine | ophthalmic local | 2.5 %
pseudoephedrine 30 mg | pseudoephedrine | - | 30 mg
azelastine 0.1% nasal | azelastine | nasal local | 0.1 %
azelastine 0.05% ophth | azelastine | ophthalmic local | 0.05 %
olopatadine 0.2% | olopatadine | ophthalmic local | 0.2 %
cromolyn nasal | cromolyn | nasal local
desmopressin nasal spray | desmopressin | nasal
calcitonin nasal | calcitonin | nasal
estradiol vaginal tablet 10 mcg | estradiol | vaginal local | 0.01 mg
Vagifem | estradiol | vaginal local
Estring | estradiol | vaginal local
Premarin vaginal cream | conjugated estrogens | vaginal local
Premarin 0.625 | conjugated estrogens | -
Imvexxy | estradiol | vaginal local
progesterone 100 mg vaginal | progesterone | vaginal | 100 mg
NuvaRing | etonogestrel + ethinyl estradiol | vaginal
Mirena IUD | levonorgestrel | intrauterine local
testosterone gel | testosterone | topical
AndroGel 1.62% | testosterone | topical | 1.62 %
Vivelle-Dot | estradiol | transdermal
Climara patch | estradiol | transdermal
Evra patch | norelgestromin + ethinyl estradiol | transdermal
Xulane | norelgestromin + ethinyl estradiol | transdermal
oxybutynin patch | oxybutynin | transdermal
Gelnique | oxybutynin | transdermal
Butrans | buprenorphine | transdermal
Duragesic-25 | fentanyl | transdermal
fentanyl lozenge | fentanyl | oral
Nitro-Dur 0.4 mg/hr | nitroglycerin | transdermal | 0.4 mg/1 h
Nitro-Bid ointment | nitroglycerin | topical
Nitrostat | nitroglycerin | sublingual
Nitrolingual spray | nitroglycerin | sublingual
rivastigmine 9.5 mg/24 hr patch | rivastigmine | transdermal | 9.5 mg/24 h
rotigotine | rotigotine | transdermal
selegiline patch | selegiline | transdermal
Emsam | selegiline | transdermal
methylphenidate patch | methylphenidate | transdermal
Daytrana | methylphenidate | transdermal
nicotine 21 mg/24 hr | nicotine | - | 21 mg/24 h
nicotine gum 2 mg | nicotine | oral | 2 mg
nicotine polacrilex 4 mg lozenge | nicotine | oral | 4 mg
minoxidil 5% foam | minoxidil | topical local | 5 %
minoxidil 10 mg | minoxidil | - | 10 mg
Rogaine | minoxidil | topical local
spironolactone cream | spironolactone | topical local
tretinoin 0.05 % cream | tretinoin | topical local | 0.05 %
tretinoin 10 mg capsule | tretinoin | oral | 10 mg
isotretinoin | isotretinoin | -
adapalene | adapalene | topical local
fluorouracil 5% cream | fluorouracil | topical local | 5 %
fluorouracil 50 mg/mL IV | fluorouracil | parenteral | 50 mg/1 mL
imiquimod | imiquimod | topical local
podofilox | podofilox | topical local
permethrin 5% cream | permethrin | topical local | 5 %
ivermectin 3 mg | ivermectin | - | 3 mg
ivermectin 1% cream | ivermectin | topical local | 1 %
mupirocin 2% oint | mupirocin | topical local | 2 %
silver sulfadiazine 1% cream | silver sulfadiazine | topical local | 1 %
Silvadene | silver sulfadiazine | topical local
bacitracin-polymyxin | bacitracin + polymyxin b | topical local
Neosporin | neomycin + polymyxin b + bacitracin | topical local
neomycin 500 mg | neomycin | - | 500 mg
vancomycin oral 125 mg | vancomycin | oral | 125 mg
vancomycin capsule | vancomycin | oral
vancomycin 25 mg/mL oral solution | vancomycin | oral | 25 mg/1 mL
rifaximin | rifaximin | -
mesalamine enema | mesalamine | rectal
mesalamine 1.2 g DR | mesalamine | - | 1200 mg
Canasa | mesalamine | rectal
hydrocortisone 25 mg suppository | hydrocortisone | rectal | 25 mg
Anusol-HC | hydrocortisone | rectal
hydrocortisone 10 mg tab | hydrocortisone | oral | 10 mg
hydrocortisone 100 mg inj | hydrocortisone | parenteral | 100 mg
bisacodyl 10 mg supp | bisacodyl | rectal | 10 mg
acetaminophen 650 mg suppository | acetaminophen | rectal | 650 mg
promethazine 25 mg suppository | promethazine | rectal | 25 mg
diazepam rectal gel | diazepam | rectal
Diastat | diazepam | rectal
Valtoco | diazepam | nasal
Nayzilam | midazolam | nasal
midazolam nasal | midazolam | nasal
naloxone 4 mg/actuation nasal spray | naloxone | nasal | 4 mg/1 {actuat}
Narcan | naloxone | nasal
sumatriptan 6 mg/0.5 mL | sumatriptan | - | 6 mg/0.5 mL
Imitrex STATdose | sumatriptan | parenteral
zolmitriptan nasal | zolmitriptan | nasal
dihydroergotamine nasal | dihydroergotamine | nasal
butorphanol nasal | butorphanol | nasal
esketamine | esketamine | nasal
ketamine nasal | ketamine | nasal
epinephrine 0.3 mg/0.3 mL auto-injector | epinephrine | parenteral | 0.3 mg/0.3 mL
EpiPen Jr | epinephrine | parenteral
ropivacaine | ropivacaine | -
methotrexate injection | methotrexate | parenteral
Otrexup | methotrexate | parenteral
leuprolide 22.5 mg (3 month) | leuprolide | parenteral | 22.5 mg
Depo-Provera | medroxyprogesterone | parenteral
Depo-Medrol | methylprednisolone | parenteral
depo-testosterone | testosterone | parenteral
haloperidol decanoate 100 mg/mL | haloperidol | parenteral | 100 mg/1 mL
Invega Sustenna | paliperidone | parenteral
Abilify Maintena | aripiprazole | parenteral
Zyprexa Relprevv | olanzapine | parenteral
Vivitrol | naltrexone | parenteral
Sublocade | buprenorphine | parenteral
semaglutide oral | semaglutide | oral
Rybelsus 7 mg | semaglutide | oral | 7 mg
brimonidine 0.2% | brimonidine | ophthalmic local | 0.2 %
brimonidine gel 0.33% | brimonidine | topical local | 0.33 %
Mirvaso | brimonidine | topical local
latanoprost | latanoprost | ophthalmic local
bimatoprost | bimatoprost | ophthalmic local
pilocarpine 5 mg tablet | pilocarpine | oral | 5 mg
pilocarpine 1 % ophth | pilocarpine | ophthalmic local | 1 %
atropine 1% eye drops | atropine | ophthalmic local | 1 %
atropine 1 mg inj | atropine | parenteral | 1 mg
cyclopentolate | cyclopentolate | ophthalmic local
scopolamine patch | scopolamine | transdermal
glycopyrrolate 1 mg | glycopyrrolate | - | 1 mg
glycopyrronium cloth | glycopyrrolate | -
Qbrexza | glycopyrrolate | -
onabotulinumtoxinA | botulinum toxin | parenteral
Dysport | botulinum toxin | parenteral
aluminum chloride topical | aluminum chloride | topical local
chlorhexidine 0.12 % mouthwash | chlorhexidine | dental local | 0.12 %
`;

const understood = (text: string): string => {
  const drug = terminology.drug({ text });
  if (isUnknown(drug)) return drug.unknown;
  const strengths = drug.strengths.map(
    ({ value, unit, per }) => `${value} ${unit}${per ? `/${per.value} ${per.unit}` : ''}`,
  );
  return [
    drug.ingredients.map(({ name }) => name).join(' + '),
    `${drug.route ?? '-'}${drug.isSystemic ? '' : ' local'}`,
    ...(strengths.length > 0 ? [strengths.join('; ')] : []),
  ].join(' | ');
};

describe('an order in words is understood: ingredients, route, strength of each ingredient', () => {
  test.each(
    orders
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' | ')), line.slice(line.indexOf(' | ') + 3)] as const),
  )('%s', (text, expected) => expect(understood(text)).toBe(expected));
});

describe('drugs that were once missed', () => {
  test.each(
    `Movantik, Cerdelga, Korlym, Esbriet, Lotronex, Veozah, Ubrelvy, Symproic, Journavx, terbutaline, Otezla, Lynparza, Trikafta,
    Cobenfy, Skyrizi, Keytruda, Baraclude, Rilutek, Gemtesa, Hetlioz, pancrelipase, ursodiol, milrinone, oxytocin, Rezdiffra,
    zopiclone, vildagliptin, dosulepin, levomepromazine, metamizole, flucloxacillin, lercanidipine, nicorandil, cinnarizine,
    co-codamol, co-careldopa, bendrofluazide, chlorphenamine, agomelatine, betahistine, cyproterone, dydrogesterone, turmeric, garlic,
    ginseng, kava, valerian, red yeast rice, kratom, cannabis, salt substitute, oxygen, nitrous oxide, sterile water, Plasma-Lyte,
    barium sulfate, IVIG, RhoGAM, RSV vaccine, hepatitis A vaccine, rabies vaccine, Shingrix, Omnipaque 350, Gadavist`
      .split(',')
      .map((name) => name.trim()),
  )('%s', (name) => expect(terminology.drugByName(name)).not.toHaveProperty('unknown'));
});

describe('a slip of the pen is not taken for the nearest drug', () => {
  test.each(
    `hydroxizine, hydralizine, clonadine, clonazapam, tramadole, metoprol, levo 500, pred 20, dph 100 mg, lamict, celebra, prednis,
    study drug XZ-17, GI cocktail, home meds, see list, none, patient's own supply, chemo per protocol`
      .split(',')
      .map((name) => name.trim()),
  )('%s', (text) =>
    expect(terminology.drugByName(text)).toEqual({ unknown: `"${text}" could not be matched to a drug` }),
  );
});

describe('several codings, as Epic, Cerner, Synthea and Medplum send them', () => {
  const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
  const named = (concept: Parameters<typeof terminology.drug>[0]): string => {
    const drug = terminology.drug(concept);
    return isUnknown(drug) ? drug.unknown : drug.ingredients.map(({ name }) => name).join(' + ');
  };
  test.each<[string, Parameters<typeof terminology.drug>[0], string]>([
    [
      'local, First Databank and RxNorm by OID',
      {
        coding: [
          { system: 'urn:oid:1.2.840.114350.1.13.0.1.7.2.698288', code: '3247', display: 'WARFARIN 5 MG TABLET' },
          { system: 'urn:oid:2.16.840.1.113883.6.253', code: '83200030000315' },
          { system: 'urn:oid:2.16.840.1.113883.6.88', code: '855332' },
        ],
        text: 'warfarin (COUMADIN) 5 mg tablet',
      },
      'warfarin',
    ],
    ['the OID in capitals', { coding: [{ system: 'URN:OID:2.16.840.1.113883.6.88', code: '855332' }] }, 'warfarin'],
    ['the bare OID', { coding: [{ system: '2.16.840.1.113883.6.88', code: ' 855332 ' }] }, 'warfarin'],
    [
      'Multum and a text',
      { coding: [{ system: 'urn:oid:2.16.840.1.113883.6.314', code: 'd00022' }], text: 'warfarin' },
      'warfarin',
    ],
    [
      'a package that is not listed, with a text',
      { coding: [{ system: 'http://hl7.org/fhir/sid/ndc', code: '9999-9999-99' }], text: 'Lasix 40mg tab' },
      'furosemide',
    ],
    [
      'ten bare digits, of which one reading is known',
      { coding: [{ system: 'http://hl7.org/fhir/sid/ndc', code: '0002143301' }] },
      'dulaglutide',
    ],
    ['a display without code', { coding: [{ system: RXNORM, display: 'lisinopril 10 MG Oral Tablet' }] }, 'lisinopril'],
    ['a display of no system', { coding: [{ code: 'X', display: 'lisinopril 10 MG Oral Tablet' }] }, 'lisinopril'],
    [
      'a British code by its display',
      { coding: [{ system: 'https://dmd.nhs.uk', code: '1', display: 'Bendroflumethiazide 2.5mg tablets' }] },
      'bendroflumethiazide',
    ],
    ['an empty list of codings', { coding: [], text: 'ramipril' }, 'ramipril'],
  ])('%s', (_, concept, expected) => expect(named(concept)).toBe(expected));
});
