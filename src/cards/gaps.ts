import type { Gap } from '../chart/types.ts';

/** "Could not check laboratory results: …" */
export const shownGap = ({ reason }: Gap): string => reason.charAt(0).toUpperCase() + reason.slice(1);
