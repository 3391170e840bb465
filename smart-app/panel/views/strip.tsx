// Who this is about. Always on screen, whatever the EHR says about banners.
import { day } from '../../shared/times.ts';
import type { Identity } from '../session.ts';
import type { View } from './view.ts';

const sexLetter: Record<string, string> = { female: 'F', male: 'M', other: 'other', unknown: 'sex unknown' };

export function Strip({ state }: View) {
  const { identity } = state.session!;
  const { name, age, sex, mrn, birthDate, weight, isDeceased } = identity;
  const details = [
    mrn ? `MRN ${mrn}` : 'no MRN',
    birthDate ? `b. ${birthDate}` : 'birth date unknown',
    weight ? `${weight.value} ${weight.unit}` : 'no weight',
  ];
  return (
    <header class="strip">
      <div class="who">
        <b>{name}</b>{' '}
        <span class="nobr">
          {age ?? 'age unknown'} {sexLetter[sex] ?? sex}
        </span>
        {isDeceased && <span class="pill stop">Deceased</span>}
        <small>
          {details.map((detail, at) => (
            <>
              <span key={detail}>{at < details.length - 1 ? `${detail} ·` : detail}</span>{' '}
            </>
          ))}
        </small>
      </div>
      <div class="facts">
        {identity.facts.slice(0, 3).map((fact) => (
          <span
            key={fact.name}
            class={fact.flag ? 'pill caut' : 'pill plain'}
            title={`${fact.unit}${fact.when ? `, ${day(fact.when)}` : ''}`}
          >
            {fact.name} {fact.value}
            {fact.flag && <span class="sr"> {fact.flag}</span>}
          </span>
        ))}
      </div>
      <Allergies identity={identity} />
    </header>
  );
}

function Allergies({ identity: { allergies, hasNoKnownAllergies } }: { identity: Identity }) {
  if (!allergies) return <span class="pill caut allergies">Allergies: could not check</span>;
  if (allergies.length === 0)
    return (
      <span class="pill plain allergies">{hasNoKnownAllergies ? 'No known allergies' : 'No allergies recorded'}</span>
    );
  const [worst, ...others] = [...allergies].sort((a, b) => Number(b.isHighRisk) - Number(a.isHighRisk));
  const all = allergies.map(({ text, reaction }) => (reaction ? `${text}: ${reaction}` : text)).join('; ');
  return (
    <span class="pill stop allergies" title={all}>
      <span class="sr">Allergy: </span>
      <span class="one">{worst!.reaction ? `${worst!.text}: ${worst!.reaction}` : worst!.text}</span>
      {others.length > 0 && <span class="nobr">+{others.length}</span>}
      {others.length > 0 && <span class="sr"> more: {all}</span>}
    </span>
  );
}
