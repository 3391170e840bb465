// A thing that could not be known, with the reason a clinician can read. Never a default, never a guess.

export interface Unknown {
  readonly unknown: string;
}

/** `unknown('no creatinine in 90 days')` */
export const unknown = (reason: string): Unknown => ({ unknown: reason });

export const isUnknown = (value: unknown): value is Unknown =>
  typeof value === 'object' && value !== null && typeof (value as { unknown?: unknown }).unknown === 'string';

export const isKnown = <T>(value: T | Unknown): value is T => !isUnknown(value);

/** The reason, or undefined when the value is known. */
export const whyUnknown = (value: unknown): string | undefined => (isUnknown(value) ? value.unknown : undefined);
