// Reads CSV with quoted fields, as spreadsheets write it.

export interface CsvRow {
  /** Where the row begins in the file, from 1. */
  line: number;
  fields: string[];
}

/** Row by row: a field in quotes may hold separators, line ends, and quotes written twice. Empty lines are left out. */
export function* csvRows(text: string, separator = ','): Generator<CsvRow> {
  let line = 1;
  let row: CsvRow = { line, fields: [] };
  // A byte order mark is no part of the first name.
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 2) {
        const end = text.indexOf('"', at);
        const piece = text.slice(at, end < 0 ? undefined : end);
        field += piece;
        for (const char of piece) if (char === '\n') line += 1;
        at = end < 0 ? text.length : end;
        if (text[at + 1] !== '"') break;
        field += '"';
      }
      at += 1;
    }
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== '\n') at += 1;
    field += text.slice(from, at).replace(/\r$/, '');
    row.fields.push(field);
    if (at < text.length && text[at] === separator) {
      at += 1;
      if (at < text.length) continue;
      row.fields.push('');
    } else {
      at += 1;
      line += 1;
    }
    if (row.fields.length > 1 || row.fields[0] !== '') yield row;
    row = { line, fields: [] };
  }
}

/** Records keyed by the header line. */
export function readCsv(text: string): Record<string, string>[] {
  const [header, ...rows] = csvRows(text);
  return rows.map(({ fields }) => Object.fromEntries(header!.fields.map((name, place) => [name, fields[place] ?? ''])));
}
