// "sulfamethoxazole/trimethoprim" may break after the stroke, where a reader would break it, and nowhere else.
import type { ComponentChildren } from 'preact';

export const breakable = (text: string): ComponentChildren =>
  text.split(/(?<=\S\/)(?=\S)/).flatMap((part, at) => (at ? [<wbr key={at} />, part] : [part]));
