// npm run rules import-rxnorm <folder>: an RxNorm release, as the index of drugs that both platforms load.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../rules.ts';
import { importRxnorm, NotARelease } from '../terminology/import-rxnorm.ts';
import { progressBar } from './progress.ts';

/** Writes `imported/rxnorm.json` beside the rules. */
export async function importRxnormCommand({ folder, args: [release], print }: Command): Promise<number> {
  if (!release) {
    print('Name the folder of an unpacked RxNorm release: npm run rules -- import-rxnorm RxNorm_full_11032026/rrf');
    return 2;
  }
  const out = join(folder, 'imported/rxnorm.json');
  let bar: ReturnType<typeof progressBar> | undefined;
  let read = 0;
  try {
    const { ingredients, products, brands, ndcs, withoutIngredients } = await importRxnorm(
      release,
      out,
      ({ file, bytes, of, isDone }) => {
        bar ??= progressBar(`bytes of ${file}`, of);
        bar.step(bytes - read);
        read = bytes;
        if (!isDone) return;
        bar.end();
        bar = undefined;
        read = 0;
      },
    );
    const counted = (count: number) => count.toLocaleString('en-US');
    print(
      `${counted(ingredients)} ingredients, ${counted(products)} products and brands (${counted(brands)} known by name in text too) and ${counted(ndcs)} NDCs in ${out} (${(statSync(out).size / 1e6).toFixed(1)} MB).`,
    );
    if (withoutIngredients > 0)
      print(`${counted(withoutIngredients)} concepts that lead to no ingredient were left out.`);
    print('They are in force at the next start or build, beside the built-in table; drop the file to be rid of them.');
    return 0;
  } catch (error) {
    if (!(error instanceof NotARelease)) throw error;
    print(error.message);
    return 1;
  }
}
