// RxNorm names on the screen.

/** "warfarin sodium 4 MG Oral Tablet" as a person would write it: "warfarin sodium 4 mg tablet". */
export const plainName = (display: string): string =>
  display
    .replace(/^\d+ HR /, '')
    .replace(/\bM(C?)G\b/g, (_, micro: string) => `m${micro.toLowerCase()}g`)
    .replace(/\bML\b/g, 'mL')
    .replace(/\bUNT\b/g, 'units')
    .replace(/\bMEQ\b/g, 'mEq')
    .replace(/ Oral (Tablet|Capsule|Solution|Suspension)$/, (_, form: string) => ` ${form.toLowerCase()}`)
    .replace(
      / (Injection|Chewable Tablet|Sublingual Tablet|Prefilled Syringe|Pen Injector|Auto-Injector|Injectable Solution)$/,
      (form) => form.toLowerCase(),
    )
    .replace(/ (Extended|Delayed) Release/, (words) => words.toLowerCase());
