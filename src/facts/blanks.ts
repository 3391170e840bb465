// The kinds of blanks that questions have. Their `meta.token` tells the rule checker and the editor what may be filled in.
import { z } from 'zod';

const token = z
  .string()
  .regex(
    /^[a-z0-9:+-][A-Za-z0-9:+.-]*$/,
    'must be a drug, class, ATC group or value set id such as "warfarin" or "nsaids"',
  );

/** One drug, class, ATC group or value set, or a list of them. */
export const drugs = z.union([token, z.array(token).min(1)]).meta({
  token: 'drugs',
  description: 'A drug, a class, an ATC group ("atc:M01A") or a value set, or a list of them',
});
export const problems = z
  .union([token, z.array(token).min(1)])
  .meta({ token: 'conditions', description: 'A condition value set, or a list of them' });
export const allergens = z
  .union([token, z.array(token).min(1)])
  .meta({ token: 'allergens', description: 'A drug, class or allergen value set, or a list of them' });
export const observation = token.meta({
  token: 'observations',
  description: 'An observation value set, such as "potassium"',
});
export const tests = z
  .union([token, z.array(token).min(1)])
  .meta({ token: 'observations', description: 'Observation value sets' });
export const unit = z.string().min(1).meta({ description: 'A UCUM unit: the value is converted to it, or is unknown' });
export const days = z.number().positive().meta({ description: 'Days' });

export const each = (given: string | string[]): string[] => (Array.isArray(given) ? given : [given]);
