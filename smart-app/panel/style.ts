// The EHR's style: its font and its highlight colour, and the colour only where text on it can still be read.
import type { Session } from './session.ts';

export function takeStyle(style: Session['style']): void {
  const root = document.documentElement;
  if (style?.font) root.style.setProperty('--font', `${style.font}, system-ui, sans-serif`);
  const isDark =
    root.dataset.theme === 'dark' ||
    (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const ground = isDark ? '#172029' : '#f4f6f8';
  const ink = isDark ? '#06233f' : '#ffffff';
  if (style?.highlight && contrast(style.highlight, ground) >= 4.5 && contrast(style.highlight, ink) >= 4.5) {
    root.style.setProperty('--act', style.highlight);
  }
}

/** WCAG 2 contrast of two `#rrggbb` colours. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
