// Reads newline-delimited JSON as it comes, whatever way the network cut it.

const lineLimit = 1_000_000;

export async function* readLines<Value>(body: ReadableStream<Uint8Array>): AsyncGenerator<Value> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
    .getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += value ?? '';
      if (rest.length > lineLimit) throw new Error('a line without end');
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        if (line.trim() === '') continue;
        yield JSON.parse(line) as Value;
      }
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
