// How a drug is given, from the order's own route, from a form, or from words. The order always wins over the product.

import { systemOf } from './systems.ts';
import type { Concept, Route } from './types.ts';

/** SNOMED CT routes, HL7 table 0162 / v3 RouteOfAdministration, and NCI Thesaurus (FDA SPL) codes. */
const ROUTE_CODES: Record<Route, string> = {
  oral: '26643006 260548002 418136008 127492001 PO ORAL GTT NG NGT OGT GT SWALLOW C38288',
  parenteral:
    '47625008 78421000 34206005 255560000 372464004 58100008 IV IVP IVPB IM SC SQ SUBQ SUBCUT ID IVPUSH IVINJ IVDRIP IVINF IDINJ C38276 C38274 C28161 C38299 C38238 C38279',
  topical: '6064005 448598008 TP TOP TOPICAL SKIN C38304 C38675',
  ophthalmic: '54485002 418401004 418813001 OP OPTH EYE OU IVITR IVITINJ C38287',
  otic: '10547007 OT OTIC AU EAR C38192',
  nasal: '46713006 NS NASAL NASINHL NASINHLC C38284',
  inhaled: '447694001 112239003 IH INH INHL IHMDI NEB IPINHL ORINHL C38216',
  vaginal: '16857009 VG VAG PV C38313',
  rectal: '37161004 PR RECTAL RECT C38295',
  transdermal: '45890007 TD TRNSDERM C38305',
  sublingual: '37839007 54471007 SL B BUC BUCCAL TRANSMUC C38300 C38193',
  intrathecal: '72607000 404820008 EP EPI IT EPIDURAL EPIDINJ ITINJ C38267',
  intraarticular: '12130007 IARTINJ C38223',
  dental: '372449004 DENT DENTAL C38197',
  intrauterine: '62226000 IU IUINJ C38272',
  intravesical: '372471009 BLADINSTL IVESC C38273',
  // A flush stays in the line; no table has a code of its own for it.
  'catheter-lock': 'HEPLOCK',
};

const BY_CODE = new Map(
  Object.entries(ROUTE_CODES).flatMap(([route, codes]) =>
    codes.split(' ').map((code) => [code, route as Route] as const),
  ),
);

/** Tried in order; the first that holds wins, so the narrow ones stand before `oral` and `topical`. */
const WORDS: [Route, RegExp][] = [
  ['catheter-lock', /\b(lock flush|heparin (lock|flush)|hep ?lock|catheter lock|flush syringe|cathflo)\b/],
  ['intrauterine', /\b(intrauterine|iud)\b/],
  ['intravesical', /\b(intravesical|bladder instillation)\b/],
  ['intrathecal', /\b(intrathecal|epidural|intraventricular)\b/],
  ['intraarticular', /\bintra-?articular\b/],
  [
    'ophthalmic',
    /\b(ophth\w*|oph|opth\w*|eyes?|eyedrops?|ocular|intraocular|intravitreal|intracameral|conjunctival)\b/,
  ],
  ['otic', /\b(otic|ears?|eardrops?|auricular)\b/],
  ['vaginal', /\b(vaginal\w*|vag|intravaginal)\b/],
  ['rectal', /\b(rectal\w*|suppositor(y|ies)|supp|suppos|enemas?|rtl)\b/],
  ['nasal', /\b(nasal(?! decongestant)\w*|intranasal|nose|nostrils?)\b/],
  [
    'inhaled',
    /\b(inhal\w*|inhl|aepb|mdi|hfa|neb|nebs|nebul\w*|diskus|respimat|turbuhaler|handihaler|ellipta|flexhaler|respiclick|respules?|pressair|puffs?|dpi|actuat dry powder)\b/,
  ],
  [
    'sublingual',
    /\b(sublingual\w*|sl|buccal\w*|translingual|mucosal spray|transmucosal|under (the )?tongue|lingual)\b/,
  ],
  ['dental', /\b(dental|mouthwash|oral rinse|toothpaste|periodontal|dentifrice|mucous membrane topical)\b/],
  ['transdermal', /\b(transdermal\w*|(?<!medicated )patch(es)?|ptch|pt(24|72|wk|tw)|td(24|72|wk))\b/],
  [
    'topical',
    /\b(topical\w*|creams?|crm|ointments?|oint|lotions?|shampoo|emulgel|cutaneous|skin|(?<!oral |rectal |liqui |soft )gel|(?<!oral )foam|top|medicated (pad|patch)|swab|tincture|irrigation)\b/,
  ],
  // A pump of gel and a spray under the tongue count actuations too: last of what is breathed.
  ['inhaled', /\bactuations?\b/],
  [
    'parenteral',
    /\b(inject\w*|inj|iv|ivp|ivpb|im|sc|sq|subq|subcut\w*|intravenous\w*|intramuscular\w*|intradermal|infusion|prefilled|syringes?|vials?|vil|amps?|ampules?|ampoules?|auto-?injector|cartridge|drug implant|implant|kwikpen|flexpen|solostar|flextouch|depot|decanoate|enanthate|cypionate|pens?(?! (vk?|g|needles?)\b))\b/,
  ],
  [
    'oral',
    /\b(oral\w*|tab|tabs|tablets?|caps?|capsules?|caplets?|softgels?|liqui ?gels?|soft gels?|gelcaps?|po|by mouth|syrup|elixir|chew\w*|lozenges?|odt|gum|granules|sprinkles?|packets?|g-?tube|swallow|suspension|susp)\b/,
  ],
];

/** The route that the words name: `1 drop both eyes` → ophthalmic. */
export function routeFromText(text: string): Route | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[_,.;()[\]/-]+/g, ' ')
    .replace(/\s+/g, ' ');
  return WORDS.find(([, pattern]) => pattern.test(plain))?.[0];
}

/** The route of a FHIR `route` or `form` concept: codes first, then the words. */
export function routeOf(concept: Concept | undefined): Route | undefined {
  for (const coding of concept?.coding ?? []) {
    const known = coding.code === undefined ? undefined : BY_CODE.get(coding.code.toUpperCase());
    // A local system may use `IT` or `OP` for something else; then its display is the better witness.
    if (known && (systemOf(coding.system) === 'snomed' || !coding.display || !routeFromText(coding.display)))
      return known;
  }
  for (const words of [concept?.text, ...(concept?.coding ?? []).map((coding) => coding.display)]) {
    if (!words) continue;
    const known = BY_CODE.get(words.trim().toUpperCase()) ?? routeFromText(words);
    if (known) return known;
  }
  return undefined;
}

const LOCAL: ReadonlySet<Route> = new Set([
  'topical',
  'ophthalmic',
  'otic',
  'nasal',
  'inhaled',
  'vaginal',
  'dental',
  'intrauterine',
  'intravesical',
  'intraarticular',
  'catheter-lock',
]);

/** Whether the route usually reaches the circulation. Unknown counts as yes: the cautious side. */
export const isSystemicRoute = (route: Route | undefined): boolean => route === undefined || !LOCAL.has(route);
