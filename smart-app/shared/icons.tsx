// Our few icons, drawn in the text colour. Always decoration: the word beside an icon carries the meaning.
import type { ComponentChildren } from 'preact';

export type IconName =
  | 'stop'
  | 'caution'
  | 'note'
  | 'cards'
  | 'diagnosis'
  | 'what-if'
  | 'trends'
  | 'about'
  | 'open'
  | 'draft';

const line = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': 1.8,
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const;

const drawings: Record<IconName, ComponentChildren> = {
  stop: (
    <>
      <path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" fill="currentColor" />
      <path class="cut" d="M12 6.5v7.2M12 16.6v1.2" stroke-width="2.4" stroke-linecap="round" />
    </>
  ),
  caution: (
    <>
      <path
        d="M12 2.6 22.6 21H1.4z"
        fill="currentColor"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linejoin="round"
      />
      <path class="cut" d="M12 9v6M12 17.6v.9" stroke-width="2.2" stroke-linecap="round" />
    </>
  ),
  note: (
    <>
      <circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2" />
      <path d="M12 11v6M12 7.1v.8" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
    </>
  ),
  cards: (
    <g {...line}>
      <rect x="4" y="4" width="16" height="6.5" rx="1.8" />
      <rect x="4" y="13.5" width="16" height="6.5" rx="1.8" />
    </g>
  ),
  diagnosis: <path {...line} d="M12 21v-6M12 15 5 9V4M12 15l7-6V4M12 15V4" />,
  'what-if': (
    <g {...line}>
      <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
      <circle cx="15" cy="7" r="2" />
      <circle cx="9" cy="17" r="2" />
    </g>
  ),
  trends: <path {...line} d="m3 16 5-5 4 3 8-9M3 21h18" />,
  about: <path {...line} d="M12 3 4.5 6v5.5c0 4.6 3.2 8 7.5 9.5 4.3-1.5 7.5-4.9 7.5-9.5V6zM9 12l2.2 2.2L15.4 10" />,
  open: <path {...line} d="m9 6 6 6-6 6" />,
  draft: <path d="m12 2.5 2.3 6.2 6.2 2.3-6.2 2.3L12 19.5l-2.3-6.2L3.5 11l6.2-2.3z" fill="currentColor" />,
};

export function Icon({ name, size = 24, tone }: { name: IconName; size?: number; tone?: string }) {
  return (
    <svg
      class={`icon ${tone ?? ''}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {drawings[name]}
    </svg>
  );
}
