// Limits set by a person while the daemon runs, read by the same schema as the file, over what the file says.
import type { Relimit } from '../risk/limit-keys.ts';
import { nest, valueOf } from './env-overrides.ts';
import { explain } from './explain.ts';
import { sections } from './schema.ts';
import { schemaAt } from './shape.ts';
import { merge, type Source, type Table } from './tree.ts';

const root = sections.pick({ risk: true });

/** The `[risk]` tables of a configuration with some keys set anew: each by its dotted name, its value as a variable would state it. */
export const relimit =
  (table: Table): Relimit =>
  (set) => {
    const layers = [...set].map(([key, text]): Source => {
      const path = key.split('.');
      return { name: 'the limit that was set', table: nest(path, valueOf(text, schemaAt(root, path))), ours: true };
    });
    const merged = merge([{ name: 'configuration', table: { risk: table['risk'] }, ours: false }, ...layers]);
    const read = root.safeParse(merged.table);
    return read.success ? { ok: true, limits: read.data.risk } : { ok: false, why: explain(read.error.issues, root, merged).join('; ') };
  };
