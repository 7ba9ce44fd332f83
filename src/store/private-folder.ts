// The folder the ledger lives in: ours alone, and on a disk of this machine.
import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { type Faulty, faultOf, faulty } from './fault.ts';

/** File systems whose locks and write order cannot be trusted (statfs f_type): NFS, SMB, CIFS, SMB2. */
const networks: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
]);

/** The name of a network file system by its statfs type; undefined for a local one. */
export const networkFileSystem = (type: number): string | undefined => networks.get(type >>> 0);

/** Makes the folder (0700) if it is not there, and refuses one that others can enter or that is not on a local disk. */
export function privateFolder(folder: string): { readonly ok: true } | Faulty {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const mode = statSync(folder).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      return faulty('DB_PATH', `${folder} is open to other users (mode ${mode.toString(8)}).`, `Run: chmod 700 ${folder}`);
    }
    const network = networkFileSystem(statfsSync(folder).type);
    if (network !== undefined) {
      return faulty('DB_PATH', `${folder} is on a network file system (${network}).`, 'Point --state-dir at a folder on a local disk.');
    }
    return { ok: true };
  } catch (error) {
    return faultOf(error, folder);
  }
}
