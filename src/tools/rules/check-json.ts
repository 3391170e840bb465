// Reads JSON as people write it: says where it stops being JSON, what was meant, and finds keys that are given twice.
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

export interface JsonProblem {
  offset: number;
  message: string;
  example: string;
}

const meant: Record<string, (text: string, offset: number) => [message: string, example: string]> = {
  InvalidSymbol: (text, offset) =>
    /^['‘’“”]/.test(text.slice(offset))
      ? ['words stand in straight double quotes', '"status": "active"']
      : [
          `"${/^[^\s,:{}[\]]*/.exec(text.slice(offset))![0]}" is neither a word in quotes, a number, true, false nor null`,
          '"status": "active"',
        ],
  PropertyNameExpected: (text, offset) =>
    text[offset] === '}'
      ? ['a comma stands before the closing "}"', '{ "object": "warfarin", "precipitant": "nsaids" }']
      : ['a name in double quotes is missing', '"status": "active"'],
  ValueExpected: (text, offset) =>
    text[offset] === ']'
      ? ['a comma stands before the closing "]"', '["order-select", "order-sign"]']
      : ['a value is missing', '"value": true'],
  ColonExpected: () => ['a colon is missing between a name and its value', '"status": "active"'],
  CommaExpected: () => ['a comma is missing between two entries', '"version": "1.0.0", "status": "active"'],
  CloseBraceExpected: () => ['a "}" is missing: a "{" was never closed', '"params": { "drug": "warfarin" }'],
  CloseBracketExpected: () => ['a "]" is missing: a "[" was never closed', '"hooks": ["order-select", "order-sign"]'],
  EndOfFileExpected: () => [
    'there is something after the end: a "}" too many, or two rules in one file',
    'one rule, one file, one pair of { }',
  ],
  InvalidCommentToken: () => [
    'JSON has no comments: what is worth saying goes into "knownGaps" or "shows"',
    '"knownGaps": ["A short course is not told apart from a long one"]',
  ],
  UnexpectedEndOfString: () => ['a quote is missing at the end of a word', '"title": "Warfarin with a systemic NSAID"'],
  UnexpectedEndOfComment: () => ['JSON has no comments', '"knownGaps": ["…"]'],
};

/** What keeps a text from being JSON; undefined when nothing does. */
export function jsonProblem(text: string): JsonProblem | undefined {
  if (text.startsWith('\uFEFF'))
    return {
      offset: 0,
      message: 'the file begins with an invisible byte order mark (BOM), which no JSON reader takes',
      example: 'save it as "UTF-8", not as "UTF-8 with BOM"',
    };
  if (text.includes('\0'))
    return {
      offset: 0,
      message: 'the file is not UTF-8 text (UTF-16, as some editors save it?)',
      example: 'save it as "UTF-8"',
    };
  if (text.trim() === '')
    return {
      offset: 0,
      message: 'the file is empty',
      example: '"npm run rules -- new interactions/warfarin-ginkgo" writes one to begin with',
    };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
  const [first] = errors;
  if (first) {
    const name = printParseErrorCode(first.error);
    const [message, example] = meant[name]?.(text, first.offset) ?? [
      name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(),
      '{ "status": "active" }',
    ];
    return { offset: first.offset, message: `not JSON here: ${message}`, example };
  }
  return tree && repeatedKey(tree);
}

function repeatedKey(node: Node): JsonProblem | undefined {
  if (node.type === 'object') {
    const seen = new Set<string>();
    for (const { children } of node.children ?? []) {
      const key = children![0]!;
      if (seen.has(key.value))
        return {
          offset: key.offset,
          message: `"${key.value}" is given twice in one place: only the last would count`,
          example: `keep one "${key.value}"`,
        };
      seen.add(key.value);
    }
  }
  for (const child of node.children ?? []) {
    const found = repeatedKey(child);
    if (found) return found;
  }
  return undefined;
}
