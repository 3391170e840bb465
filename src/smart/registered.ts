// The EHRs whose SMART launches we accept, as this site configured them.
import { z } from 'zod';
import { SettingsError } from '../settings.ts';
import type { RegisteredEhr } from './ehr.ts';

const ehr = z.strictObject({
  /** The FHIR base URL, as the EHR sends it in `iss`. */
  iss: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  /** Every page that may frame the panel; the origin of `iss` when left out. */
  frameAncestors: z.array(z.url()).optional(),
  scopes: z.string().min(1).optional(),
  /** Other origins of this EHR that its authorize and token endpoints live on. */
  origins: z.array(z.url()).optional(),
});

/** The setting SMART_EHRS: a list of `{"iss", "clientId", "frameAncestors"}`; empty when it is not set. */
export function readEhrs(setting: string | undefined): RegisteredEhr[] {
  if (!setting) return [];
  let json: unknown;
  try {
    json = JSON.parse(setting);
  } catch {
    throw new SettingsError(
      'The setting SMART_EHRS is not JSON: expected a list of {"iss", "clientId", "frameAncestors"}.',
    );
  }
  const parsed = z.array(ehr).safeParse(json);
  if (!parsed.success)
    throw new SettingsError(
      `The setting SMART_EHRS is wrong at ${parsed.error.issues[0]!.path.join('.') || 'the top'}: ${parsed.error.issues[0]!.message}.`,
    );
  return parsed.data;
}
