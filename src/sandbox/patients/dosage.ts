// The structured dose behind a sig: "2 tablets twice daily for 7 days as needed". Covers what the sandbox charts say, no more.
import type { Dosage } from '@medplum/fhirtypes';

const UCUM = 'http://unitsofmeasure.org';
const SIG =
  /^([\d.]+) (chewable tablet|tablet|capsule|mg|g|mL|unit|puff)s?( IV)? (once daily|twice daily|three times daily|four times daily|nightly|every (\d+) hours|once weekly|once)( as needed)?(?: for (\d+) days)?$/;
const UNITS: Record<string, string> = {
  tablet: '{tbl}',
  'chewable tablet': '{tbl}',
  capsule: '{capsule}',
  mg: 'mg',
  g: 'g',
  mL: 'mL',
  unit: '[iU]',
  puff: '{puff}',
};
const DAILY: Record<string, number> = {
  'once daily': 1,
  'twice daily': 2,
  'three times daily': 3,
  'four times daily': 4,
  nightly: 1,
};

export function dosageFrom(sig: string): Dosage {
  const parts = SIG.exec(sig);
  if (!parts) throw new Error(`The sandbox does not read the sig "${sig}".`);
  const [, amount, unit, iv, often, hours, prn, days] = parts;
  const isMass = unit === 'mg' || unit === 'g' || unit === 'mL' || unit === 'unit';
  const bounds = days ? { boundsDuration: { value: Number(days), unit: 'd', system: UCUM, code: 'd' } } : {};
  return {
    text: sig,
    ...(prn ? { asNeededBoolean: true } : {}),
    route: iv
      ? { coding: [{ system: 'http://snomed.info/sct', code: '47625008', display: 'Intravenous route' }], text: 'IV' }
      : unit === 'unit'
        ? {
            coding: [{ system: 'http://snomed.info/sct', code: '34206005', display: 'Subcutaneous route' }],
            text: 'SC',
          }
        : unit === 'puff'
          ? {
              coding: [{ system: 'http://snomed.info/sct', code: '447694001', display: 'Respiratory tract route' }],
              text: 'Inhaled',
            }
          : { coding: [{ system: 'http://snomed.info/sct', code: '26643006', display: 'Oral route' }], text: 'Oral' },
    ...(often === 'once'
      ? { timing: { repeat: { count: 1 } } }
      : { timing: { repeat: { ...bounds, ...frequency(often!, hours) } } }),
    doseAndRate: [
      {
        doseQuantity: {
          value: Number(amount),
          unit: isMass ? unit : unit!.replace('chewable ', ''),
          system: UCUM,
          code: UNITS[unit!],
        },
      },
    ],
  };
}

function frequency(often: string, hours: string | undefined) {
  if (hours) return { frequency: 1, period: Number(hours), periodUnit: 'h' as const };
  if (often === 'once weekly') return { frequency: 1, period: 1, periodUnit: 'wk' as const };
  return { frequency: DAILY[often]!, period: 1, periodUnit: 'd' as const };
}
