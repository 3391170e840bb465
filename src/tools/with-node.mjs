// Runs a script or a package's command on a Node that is new enough: the caller's own when it is,
// otherwise the one that `npm ci` brought as a platform package. Must itself run on Node 18.
//   node src/tools/with-node.mjs vitest run
//   node src/tools/with-node.mjs src/tools/build.ts --then src/node.ts
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const isNewEnough = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
};

function findNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const { platform, arch } = process;
  const os = platform === 'win32' ? 'win' : platform;
  const binary = platform === 'win32' ? 'node.exe' : 'node';
  for (const name of [`node-${os}-${arch}`, `node-bin-${os}-${arch}`]) {
    try {
      const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
      const path = join(folder, 'bin', binary);
      if (spawnSync(path, ['-v']).status === 0) return path;
    } catch {
      // This platform package is not installed; the next may be.
    }
  }
  console.error(
    `Curbside needs Node 22.18 or newer. This is ${process.version}, and no packaged Node runs on ${platform}-${arch}: install a newer Node, or run "npm ci" without --omit=optional.`,
  );
  process.exit(1);
}

const node = findNode();
const env = {
  ...process.env,
  PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  WRANGLER_SEND_METRICS: 'false',
};

function run(step) {
  // Node's own flags stand before the script.
  const flags = step.slice(
    0,
    step.findIndex((word) => !word.startsWith('--')),
  );
  const [command, ...args] = step.slice(flags.length);
  const isScript = /\.(ts|mjs|js)$/.test(command) && existsSync(join(root, command));
  const bin = join(root, 'node_modules', '.bin', command);
  const call = isScript ? [node, [...flags, join(root, command), ...args]] : [existsSync(bin) ? bin : command, args];
  const { status, signal } = spawnSync(call[0], call[1], {
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32' && !isScript,
  });
  return signal ? 130 : (status ?? 1);
}

// The parent only waits: the signals go to the child, which stops in its own time.
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {});

const steps = process.argv
  .slice(2)
  .join('\0')
  .split('\0--then\0')
  .map((step) => step.split('\0'));
for (const step of steps) {
  const status = run(step);
  if (status !== 0) process.exit(status);
}
