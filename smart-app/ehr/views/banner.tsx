// Who this is, where, how they are, and what they must not be given: always on top of the chart.

import { howLongAgo } from '../../shared/times.ts';
import { latest, quantityText } from '../results.ts';
import type { PatientChart, Resource } from '../types.ts';

export function Banner({ chart, now }: { chart: PatientChart; now: Date }) {
  const { patient, encounter, vitals, allergies } = chart;
  const name = patient.name?.[0]?.text ?? patient.name?.[0]?.family ?? 'No name';
  const mrn = patient.identifier?.[0]?.value;
  const real = allergies.filter(isRealAllergy);
  const none = allergies.some((one) =>
    one.code?.coding?.some((coding: { code?: string }) => coding.code === '716186003'),
  );
  const newest = latest(vitals).slice(0, 40);
  const of = (code: string) =>
    newest.find((one) => one.code?.coding?.some((coding: { code?: string }) => coding.code === code));
  const pressure = of('85354-9')
    ?.component?.map((part: Resource) => part.valueQuantity?.value)
    .join('/');
  const signs = [
    of('8310-5') && `T ${of('8310-5')!.valueQuantity.value}`,
    of('8867-4') && `HR ${of('8867-4')!.valueQuantity.value}`,
    pressure && `BP ${pressure}`,
    of('59408-5') && `SpO₂ ${of('59408-5')!.valueQuantity.value}`,
  ].filter(Boolean);
  const weight = of('29463-7');
  const when = of('8867-4')?.effectiveDateTime;
  return (
    <section class="panel banner" aria-label="Patient">
      <div>
        <h1 tabIndex={-1}>{name}</h1>
        <small>
          {ageText(patient.birthDate, now)} {patient.gender === 'female' ? 'F' : patient.gender === 'male' ? 'M' : ''},
          b. {patient.birthDate}, {mrn}
        </small>
      </div>
      <div>
        <b>{encounter?.location?.[0]?.location?.display ?? 'No open visit'}</b>
        <small>{encounter?.reasonCode?.[0]?.text}</small>
      </div>
      <div>
        <b>{signs.join(', ') || 'No vital signs'}</b>
        <small>{[when && howLongAgo(when, now), weight && quantityText(weight)].filter(Boolean).join(' · ')}</small>
      </div>
      <div>
        {real.length > 0 ? (
          real.map((one) => (
            <b key={one.id} class="allergy">
              {one.code?.text ?? one.code?.coding?.[0]?.display}:{' '}
              {one.reaction?.[0]?.manifestation?.[0]?.text ?? 'reaction not recorded'}
            </b>
          ))
        ) : (
          <b>{none ? 'No known allergies' : 'Allergies not recorded'}</b>
        )}
        <small>{real.length > 0 ? `${real.length} ${real.length === 1 ? 'allergy' : 'allergies'}` : ''}</small>
      </div>
    </section>
  );
}

const isRealAllergy = (one: Resource) => {
  const has = (concept: Resource['code'], codes: string[]) =>
    concept?.coding?.some((coding: { code?: string }) => codes.includes(coding.code ?? ''));
  return (
    !has(one.verificationStatus, ['refuted', 'entered-in-error']) &&
    !has(one.clinicalStatus, ['inactive', 'resolved']) &&
    !has(one.code, ['716186003', '409137002'])
  );
};

function ageText(birthDate: string | undefined, now: Date): string {
  if (!birthDate) return 'age not known';
  const birth = new Date(birthDate);
  const years =
    now.getFullYear() -
    birth.getFullYear() -
    (now.getMonth() < birth.getMonth() || (now.getMonth() === birth.getMonth() && now.getDate() < birth.getDate())
      ? 1
      : 0);
  return String(years);
}
