// The words of which a model's sentences may be made, beside the chart's own and the names of conditions. An open language
// cannot be searched for everything that does harm in it: brands, misspelled drugs, slang for numbers, another tongue,
// encoded text. A closed one holds none of them. No drug, number, time or order to anyone is in here.
import { spell } from './knowledge/words.ts';

const reasoning = `
a able about above absence absent accompany accord account across act add addition additional address adequate affect after against age agree alike all allow alone along already also alter alternative although among amount an and another any appear apart apply are area argue arise around as aside assess assessment associate association assume at attention attribute available await
background balance base baseline basis be bear because been before behaviour behind being belong below beside best better between beyond both bring broad build burden but by
can cannot candidate care careful careless carry case cause caution central change character characteristic chart check choice choose circumstance class classic clear clinical clinician close closely cluster coexist coincide collect combination combine common commonly compare comparison compatible compensate complete complex complicate component concern condition confirm confirmation conflict conform confound connect consequence consider considerable considered consistent constellation context continue contrast contribute contributor control correlate correspond could count counter couple course cover create criterion criteria current currently
danger dangerous data datum decide decision decline decrease deficit define definition degree demand depend depict derive describe deserve despite detail detect determine develop deviate diagnosis diagnostic diagnoses did differ difference different differential differentiate difficult direct direction discriminate discriminating discuss disease disorder disproportionate dissociate distinct distinguish distinguishing do document documented does doing dominant done doubt down drive driver due during dynamic
each earlier early easy effect either element elevate elevated elevation elsewhere emerge emphasis enough entertain entirely entity entry episode equal equally especially essential establish estimate etiology aetiology evaluate evaluation even event evidence evident evolve examination examine example exceed except excess exclude excluded exclusion exist expect expected explain explained explanation expose exposure extend extent external
face fact factor fail fall far favour feature few finding finite fit focal focus follow for form found frequent from full fully function further
gather general generally global gradual greater group guide
had hand has have having heighten help hence here high higher highlight hint history hold how however
identify if illness immediate impair impaired impairment imply important improve in inadequate incidental include incomplete inconsistent increase independent index indicate indication indirect individual infer influence inform information initial instead insufficient intact integrate intermediate interpret interpretation into investigate investigation involve is isolate isolated issue it its itself
join judge just justify keep key kind know known knowledge
lack large last late later latter lead least leave less lessen level lie light like likelier likely limit line link list listed little local long longer look low lower
made main mainly maintain make management manifest manifestation many mark marked markedly marker match material matter may mean measure measurement mechanism meet merit might mild mimic mind minor miss mixed moderate moderately modify monitor more most mostly much multiple must
name narrow nature near nearly necessary need neither neutral never new newly next no none nor normal not notable notably note nothing now number
object observe observation obtain occur of off offer often on ongoing only onset open or order organ origin other otherwise out outcome outside outweigh over overall overlap own
pair paired part partial partially particular particularly pass past patient pattern peak pending per performed perhaps period persist persistent person picture place plain plausible plausibility play point pointer poor poorly population position possible possibility possibly potential predict predispose predisposition predominant preferentially presence present presentation preserve preserved prevent previous previously primary principal prior priority probable probably problem process produce profile progress progression progressive prominent promote prompt proportion protect provide provoke purpose
qualify question quite
raise raised range rank rapid rapidly rare rarely rather ratio reach react reaction read reading ready reason reasonable reassess recent recently record recorded reduce reduced reduction refer reference reflect regard relate related relation relationship relative relatively relevant reliable remain remote render repeat repeated report represent require resemble resolve respect respond response rest restrict result resulting review rise rising risk role route rule
same sample scenario score second-line secondary see seem seen seldom select sensitive sensitivity separate serial serious set setting settle several severe severely severity share shift short should show shown side sign signal significant significantly similar simple simultaneous since single situation size slight slow slowly small so some soon source speak spare specific specificity specify speed spread stable stand start state status steady still story strength strengthen strong strongly structure study subsequent subtle such sudden suddenly suffice sufficient suggest suggestive suit sum support supportive surround susceptible suspect suspicion sustain switch symptom syndrome system systemic
taken taking target temporal tend term test than that the their them then there thereby therefore these they thing this those though threat threshold through thus tie time timing to together tolerate too total toward towards transient treatment trend trigger true turn type typical
unchanged unclear uncommon uncommonly under underlie underlying undermine understand unexplained unlike unlikely unrelated unremarkable until unusual up update upon upper urgency urgent use useful usual usually
value variable variant vary versus very via view visible volume
warn warrant was watch way weak weaken weakly weigh weight well were what when where whereas whether which while who whole whose why wide widely will with within without word work worse worsen worsening worth would written
yet yield he she his her him hers himself herself
abrupt accentuate acquire actual adapt adjacent adjunct advance affect aggravate align allude alter amenable ample anticipate apparent appreciate approach appropriate ascribe assert attempt attenuate await aware
blunt brief cautious ceiling challenge coexistent coherent coincidental combined commensurate compel compensate compensatory compete complementary compound comprise conceivable concomitant concordant concurrent conducive confer confined congruent consolidate constant contain contend contingent contradict contributory converge cooccur coordinate core corroborate counterpart credible
debate deepen defer deficient degrade delay demonstrate demonstrable denote dependent deplete depress derange deteriorate detract devoid diagnose diminish disagree discern disclose discordant discrepancy discrete disease-specific disfavour dismiss disparate disprove dissect distort distribute doubtful duration
efficient embrace encompass endorse enhance entail equivocal erroneous escalate essence evade evoke exacerbate exaggerate exclusive exempt exert exhaustive explanatory explicit exploit explore exponent extensive extreme
facilitate false falsely familiar favourable fluctuating foremost forward fragile fulfil fulfill fundamental genuine germane govern grade graded gross guard
hallmark hamper hard harder harbinger hasten heavily herald hesitate hinder historical hypothesis hypothetical ideal immediately imminent impact impede implicate implausible imprecise inapparent incident incline inconclusive incongruent indeterminate induce inert inevitable inform inherent inhibit insidious insight instance instructive insufficient intend intense intensify interfere interim interplay interrelated interval intrinsic invoke involvement irrespective
justification lean legitimate leverage liable liability linger localise localize localising logical lone longstanding long-standing lower-yield
magnify magnitude map mask maximal meaningful mediate merge mere minimal minimum misleading mislead mitigate mostly mount mutual
naturally negligible negate nonspecific non-specific notion notwithstanding obscure obvious occasion occasional offset omit onward oppose opposing optimal ordinarily ordinary originate outline overlook
paint paradoxical parallel parsimonious parsimony partly peculiar pend perceive persuasive pertinent pivot pivotal plain pool portray possess posit postulate precede precipitate precipitant precipitating precise preclude predominate preexisting pre-existing prefer premature prevail prevalent prevalence primarily proceed pronounced proneness prone propagate propensity proportionate prospect provisional proxy pursue puzzle
rationale realise realistic recognise recognize recognition reconcile recover refine reinforce reject relevance remainder remark repercussion replicate residual resist responsible retain reveal reverse reversible revisit rival robust roughly
salient satisfy scant secondarily seek selective self-limiting semblance sequence sequential shape sharpen shed shorten sideline signify sit skew slight sole solely solid speculative split spontaneous spurious starting stem stepwise stimulus straightforward striking strikingly subject suboptimal subset substantiate substantial subtype subtle superimpose superimposed supplement suppress surpass surprise surprising surround susceptibility
begin began begun benefit deliver delivery excerpt harm outcome takes took say says said ii iii iv stop stopped deny denies refute refuted stage concern xa angiotensin hba spo pao fio etco hco cha vasc sglt glp dpp fev cov sars hla brca cox tangible tempered threaten mention likelihood proven urosepsis tentative thorough tip tolerance tracing tracings trace transition transpire treatable trial troubling twin
ultimate unaccounted unambiguous unaffected unaltered uncertain uncertainty uncharacteristic unconfirmed uncover undefined underestimate underpin underscore undetermined undetected unhelpful uninformative unify unifying universal unmask unproven unresolved unrevealing unsupported unsettle unsuspected unveil uphold
validate variation verify viable vigilance violate warranting whatever whenever wherever widespread wonder worrisome worry worrying
well-being look looks looking appears feels felt feel well unwell ill illness sick deteriorate deterioration keeping keep line answer yes
lend lends lent render renders keep keeps kept hold held carries carried brought tells told fell rose rises ran run gives given gave gone goes went came come comes comes makes making
`;

const medicine = `
abdomen abdominal abnormal abnormality abscess access acid acidosis acidaemia acidotic acute adult airway alkalosis alkaline allergen allergic allergy alveolar anaemia anaemic analysis anatomy aneurysm angiography angiogram anion ankle antibody antigen anticoagulation aorta aortic aortopathy apnoea appetite apical arm arrhythmia arterial artery arteritis arthritis ascites aspiration asthma asthmatic atelectasis atherosclerosis atherosclerotic atopic atopy atrial atypical aura autoimmune autonomic axis
bacteraemia bacterial back baroreceptor bedside bilateral bile biliary bilirubin biochemical biochemistry biomarker biopsy bladder bleed bleeding blockade blood bodily body bone bowel bradycardia brain brainstem breast breath breathing breathless breathlessness bronchial bronchospasm bundle
calcium calf calibre capacity capillary carbon cardiac cardiomyopathy cardiovascular carotid catheter cell cellular central cerebral cerebellar cerebrospinal cervical chamber chemistry chest child cholestatic cholestasis chronic circulation circulatory clinic clot clotting coagulation coagulopathy colic colonic colon coma community comorbidity compression conduction confusion congestion congestive consciousness consolidation constrictive contagion contact contraction cord coronary cortical cough course cranial creatinine culture cutaneous cyanosis cystic cytokine
deep defect deficiency degeneration dehydration delirium dementia demographic demyelination depletion depression deranged derangement dermal dermatomal diabetes diabetic dialysis diaphragm diarrhoea diastolic dilatation dilated dimer discharge displacement dissection distal distension distress disturbance diuresis dizziness drainage drowsiness duct dysfunction dyspnoea
ear echo echocardiogram echocardiography effusion ejection electrical electrocardiogram electrocardiographic electrolyte embolic embolism embolus emergency emesis encephalopathy endocrine endothelial enzyme enzymatic epigastric epilepsy epileptic eruption erythrocyte exertion exertional exocrine exposure extracellular extremity eye
facial faecal failure fatigue febrile fever fibrillation fibrosis filling film filtration flank flow fluctuate fluid foot fracture frailty frail function functional fungal
gait gallbladder gallstone gas gastric gastrointestinal gender genetic glomerular glucose goitre granuloma
haematocrit haematological haemodynamic haemoglobin haemolysis haemolytic haemorrhage haemorrhagic haemostasis hand head headache heart hepatic hepatitis hepatocellular hernia hormone hormonal host humoral hydration hypercoagulable hyperglycaemia hyperkalaemia hypernatraemia hypertension hypertensive hyperthyroid hypoglycaemia hypokalaemia hyponatraemia hypoperfusion hypotension hypotensive hypothermia hypothyroid hypovolaemia hypoxaemia hypoxia hypoxic hypercalcaemia hypocalcaemia
image imaging immobility immobilisation immune immunosuppression immunity immunocompromised infarct infarction infect infection infectious infective infiltrate inflame inflammation inflammatory ingestion inherit injury insufficiency insult intake intermittent interstitial intestinal intra-abdominal intraabdominal intracranial intravascular intrinsic ischaemia ischaemic
jaundice joint jugular juvenile ketoacidosis ketone ketosis kidney knee
laboratory lactate left leg lesion leucocyte leucocytosis leucopenia ligament lipid liver load lobar lobe loss lower lumbar lumen lung lymph lymphatic lymphocyte
malabsorption malignancy malignant malnutrition marrow mass mediastinal mediastinum medical medication membrane mesenteric meningeal mental metabolic metabolism metastasis metastatic microvascular mineral mobility monitoring mood motor movement mucosa mucosal murmur muscle muscular musculoskeletal myocardial myocardium myocyte myopathy
nasal natriuretic nausea neck necrosis necrotic necrotising neoplasm neoplastic nephritis nephropathy nerve nervous neural neurological neuromuscular neuropathy neuropathic neutropenia neutrophil neutrophilia nodal node nutrition nutritional
obese obesity obstruct obstruction obstructive occlusion occlusive occult oedema oesophageal oesophagus organ orthostatic osmolality osmotic output overload oxygen oxygenation
pain painful palpable palpitation palsy pancreas pancreatic paralysis parenchymal parenchyma parietal paroxysmal pathogen pathology pathological pathophysiology pelvic pelvis peptide perforation perfusion pericardial pericardium perinatal peripheral peritoneal peritonitis phenotype physical physiological physiology plasma platelet pleura pleural pleuritic pneumonia polyuria portal positional posture potassium pregnancy pregnant pre-renal prerenal pressure procedure prostate protein proximal psychiatric psychological pulmonary pulse puncture purpura pyrexia
radiation radiograph radiographic radiological rash rate rectal recurrence recurrent redistribution reflex reflux refractory regional regurgitation renal reserve respiratory resting retention rheumatic rhythm right rigors rupture
saturation scan screening sclerosis secretion seizure senescence sensation sensory sepsis septic serology serum shock shunt sinus skeletal skin sodium spasm spinal spine spleen splenic sputum stenosis stomach stone stool strain stress stroke stunning subacute subclinical superficial supine surgery surgical survival swelling syncope synovial systolic
tachycardia tachypnoea tamponade temperature tender tenderness tendon testicular thermoregulation thoracic throat thrombocytopenia thromboembolic thromboembolism thrombotic thrombosis thrombus thyroid thyrotoxicosis tissue tone tongue toxic toxicity toxin tract transplant transport trauma traumatic tremor tropical troponin trunk tumour
ulcer ultrasound upright uraemia uraemic urea urinalysis urinary urine vaccination valve valvular vascular vasculitis vasculature vasoconstriction vasodilatation vein venous ventilation ventilatory ventricle ventricular vertebral vertigo vessel viral virus visceral vision visual vital volume vomiting vulnerable wall wave weakness weight wheeze white wound wrist
ecg ekg ct mri bnp nt-probnp probnp crp esr ggt alp alt ast bun egfr gfr inr hba1c aki ckd copd acs pe dvt tia uti gi tsh ph iv st-segment st segment qrs qt pr interval t-wave radiology microbiology haematology cardiology neurology nephrology gastroenterology endocrinology surgery psychiatry psychiatric rheumatology oncology urology gynaecology obstetrics ophthalmology dermatology intensive physiotherapy specialist team referral consult consultation ward opinion
adrenal agitation agitated anaphylaxis angioedema angina anxiety anxious appendicitis ataxia attack bacteriuria barre blister bloody bruise bulge bullae cancer carcinoma carboxyhaemoglobin cauda cellulitis chill cholangitis cholecystitis cirrhosis claudication clonus clubbing cold colicky colitis collapse colorectal compartment constipation conjunctivitis coryza crackle cramp crepitus crisis cyst cystitis delusion dermatitis diaphoresis diaphoretic diffuse distended diverticulitis dry dullness dyspepsia dysphagia dysuria eclampsia ectopic eczema emphysema encephalitis endocarditis enlarged enlargement eosinophilia epidural epiglottitis equina exacerbation exanthem exercise expiratory exudate faint fainting family fasciitis fatigable forehead frequency gangrene giant gland glaucoma gout groin guarding guillain haematuria haemoptysis haematemesis melaena hallucination hearing heartburn heavy herpes hip hive hot immunocompromise impulse infant inspiratory itch itchy jaw lactic limb lip lupus lying maculopapular malaria mania marfan measles meniere meningitis meningism migraine miscarriage mononucleosis mottled mouth muffled myasthenia myeloma myxoedema neurogenic nocturnal nose numb numbness nystagmus ophthalmoplegia orchitis orthopnoea osteoarthritis osteoporosis ovarian ovary overdose pale pallor palpation pancreatitis panic papilloedema paradoxus parathyroid pericarditis peritonsillar pertussis petechiae phonophobia photophobia pneumothorax poisoning polyarthritis positive negative posterior anterior inferior lateral postpartum productive prostatitis prosthetic psychosis ptosis pulsatile pulsus pupil purulent pyelonephritis radiate redness respiration rigidity rigid ripping rub saddle sciatica scrotal sharp shingles smoking smoker spinning stiffness streptococcal stridor structural subarachnoid subcutaneous suicidal suicide swallow sweating swollen synovitis tearing temple tension testis thirst throb thunderclap tingling tinnitus tiredness torsion tracheal travel tuberculosis unilateral bilateral unsteady urate ureteric urticaria uterine vaginal variceal varices vasovagal vesicle vestibular walk warm warmth whoop withdrawal woman man young older elderly yellow reproducible crushing burning exertion relief relieve nitrite leucocyte esterase haemodialysis stent coronary intervention
exchange contraceptive contraception oestrogen progestogen hormone clearance cardiogenic distributive obstructive septic haemorrhagic hypovolaemic generalised localised excretion excrete haemolyse haemolysed sample specimen growth organism premature monitoring continuous cannula line indwelling central device chemotherapy radiotherapy immunotherapy cytotoxic medicines medicine dose-related adverse drug-induced drug reaction exposure vaccine travel flight immobile sedentary smoking occupational workplace contact household contagious endemic seasonal epidemic outbreak overcrowding
atherosclerotic vasospasm plaque demand supply oxygen-carrying preload afterload contractility fibrosis scarring hypertrophy hypertrophic restrictive dilated regurgitant stenotic septal infarcted non-ischaemic ischaemia-reperfusion vasopressor baroreflex ectopy ectopic ventricular supraventricular sinus conduction bundle branch repolarisation depolarisation electrolyte-driven
hypoventilation hyperventilation shunting mismatch ventilation-perfusion effusions consolidative interstitial airspace airway obstruction hyperinflation hypercapnia hypercapnic secretions mucus plugging bronchoconstriction
tubular nephron glomerulonephritis pre-renal postrenal intrarenal obstruction volume-depleted rhabdomyolysis nephrotoxic nephrotoxicity proteinuria albuminuria casts sediment
biliary hepatobiliary hepatic synthetic cholestasis transaminitis splanchnic portal variceal mucosal ulceration perforated peritoneal luminal faecal bacterial overgrowth bowel colonic obstruction ileus
neurovascular embolic lacunar cortical subcortical brainstem cerebellar meningeal intracerebral subdural epileptiform postictal encephalopathic toxic-metabolic cognition cognitive attention orientation arousal neurological lateralising lateralizing
endocrine adrenal pituitary thyroid ketotic osmotic glycaemic glycaemia catabolic anabolic
coagulopathic thrombophilia hypercoagulability haemostatic myelosuppression marrow lymphoproliferative leukaemia leukaemic lymphoma myelodysplasia haemolytic microangiopathic iron-deficient megaloblastic
septicaemia bacteraemic viraemia fungal parasitic mycobacterial zoonotic abscess phlegmon gangrenous source localisation
inflammatory autoinflammatory rheumatological crystal-induced monoarticular polyarticular synovium erosive degenerative mechanical myofascial radicular neuropathic somatic visceral referred
panel count sensitivity assay film smear differential high-sensitivity venous arterial gas culture swab antigen serology electrolyte electrolytes chemistry toxicology screen level levels titre ferritin cortisol ammonia amylase lipase haptoglobin reticulocyte reticulocytes phosphate magnesium albumin bicarbonate chloride calcium glucose ketones osmolality procalcitonin d-dimer dimer fibrinogen transaminase transaminases aminotransferase aminotransferases bilirubin lumbar puncture endoscopy colonoscopy doppler duplex angiography perfusion tomography resonance radiograph x-ray telemetry holter spirometry peak-flow capnography orthostatic bladder-scan residual fundoscopy examination observation observations chart urine output fluid-balance balance mental-state mental-status gcs coma consciousness pulse oximetry rhythm strip twelve-lead repeat
`;

/** As the matcher spells them, so that oedema and edema are one word. */
const WORDS = new Set(
  `${reasoning} ${medicine}`
    .split(/[\s-]+/)
    .filter(Boolean)
    .map(spell),
);

const ENDINGS: [RegExp, string[]][] = [
  [/(?:ations?|ational|ative|atively|ating|ated|ates)$/, ['ate', 'e', '', 'ation']],
  [/(?:ions?|ive|ively|ory)$/, ['', 'e', 'ion']],
  [
    /(?:ments?|ness|ful|fully|less|able|ably|ible|ance|ances|ence|ent|ant|al|ally|ic|ical|ically|ous|ously|ity|ities)$/,
    ['', 'e', 'y', 'ic', 'ia', 'us', 'ous', 'al', 'ent', 'ant', 'ive', 'able'],
  ],
  [/ies$/, ['y']],
  [/ied$/, ['y']],
  [/(?:es|ed|ing|er|est|or)$/, ['', 'e']],
  [/s$/, ['']],
  [/d$/, ['']],
  [/ly$/, ['', 'le']],
  [/ally$/, ['', 'al']],
  [/(.)\1(?:ed|ing)$/, ['$1']],
  [/ized?$|izing$/, ['ise', 'isation']],
  [/ization$/, ['isation']],
];

/** The words of a text as this vocabulary counts them. */
export const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[a-zà-ÿαβγ]+(?:['’][a-z]+)?/g) ?? []).map((word) => spell(word.replace(/['’]s$/, '')));

/** The first word that is neither plain nor in one of `more`, endings set aside; single letters pass. */
export function strangeWord(text: string, more: readonly ReadonlySet<string>[] = []): string | undefined {
  const isKnown = (word: string): boolean => WORDS.has(word) || more.some((words) => words.has(word));
  return wordsOf(text).find(
    (word) =>
      word.length > 1 &&
      !isKnown(word) &&
      !ENDINGS.some(
        ([ending, stems]) => ending.test(word) && stems.some((stem) => isKnown(word.replace(ending, stem))),
      ),
  );
}

const DISEASE =
  /^[a-z]{2,}(?:itis|osis|oses|iasis|oma|emia|pathy|pathic|plegia|paresis|algia|uria|rrhea|ectasis|megaly|trophy|trophic|penia|cytosis|philia|malacia|stenosis|thorax|ptysis|rrhage|rrhagic|lytic|genic|blastic|itic|otic|cele|ism|pnea|cardia|phasia|sclerosis|edema|graphy|scopy|gram|metry|logy)$/;

/** The name of a disease may hold words of its own kind ("sarcoidosis") and one person's name before "disease" or "syndrome". */
export const strangeName = (name: string, more: readonly ReadonlySet<string>[] = []): string | undefined =>
  wordsOf(name.replace(/\b[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?:['’]s)? (?=(?:disease|syndrome)\b)/, '')).find(
    (word) => strangeWord(word, more) !== undefined && !DISEASE.test(word),
  );
