/** A bar on stderr where somebody looks, silence in a pipe. */
export function progressBar(what: string, total: number, stream: NodeJS.WriteStream = process.stderr) {
  let done = 0;
  let shown = 0;
  const draw = () => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(share * 30);
    stream.write(
      `\r${'█'.repeat(full)}${'░'.repeat(30 - full)} ${Math.round(share * 100)} %  ${done} of ${total} ${what} `,
    );
  };
  return {
    step(by = 1) {
      done += by;
      if (!stream.isTTY || Date.now() - shown < 100) return;
      shown = Date.now();
      draw();
    },
    end() {
      if (!stream.isTTY) return;
      draw();
      stream.write('\n');
    },
  };
}
