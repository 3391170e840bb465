// Units on the screen.

/** UCUM as a clinician writes it. */
export const plainUnit = (unit: string): string =>
  unit
    .replace(/\{tbl\}/, 'tablet')
    .replace(/\{1\.73_m2\}/, '1.73 m²')
    .replace(/\{[^}]*\}/g, '')
    .replace(/^1$/, '')
    .replace(/mm\[Hg\]/, 'mmHg')
    .replace(/^Cel$/, '°C')
    .replace(/m\[IU\]/, 'mIU')
    .replace(/\[IU\]/, 'IU')
    .replace(/^u(?=g|L|mol)|(?<=\/)u(?=L)/g, 'µ')
    .replace(/10\*(\d)/, (_, power: string) => `10${'⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(power)]}`)
    .replace(/(?<=[a-z])2$/, '²');
