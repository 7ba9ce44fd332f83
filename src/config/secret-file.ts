// Whether a file is fit to hold a secret: a regular file, ours, and closed to everybody else.
import { lstatSync } from 'node:fs';

/**
 * Faults of a file that holds secrets, each a sentence with its fix; none when it is fit.
 * @param uid the user the process runs as; undefined where the platform has no such thing
 */
export function fileFaults(path: string, uid: number | undefined): readonly string[] {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return [`${path} is a symbolic link: name the file itself, so that nobody can swap what it points to`];
  if (!stat.isFile()) return [`${path} is not a regular file`];
  const faults: string[] = [];
  if ((stat.mode & 0o077) !== 0) {
    faults.push(
      `${path} can be read or changed by other users (mode ${(stat.mode & 0o777).toString(8).padStart(4, '0')}): chmod 600 ${path}`,
    );
  }
  if (uid !== undefined && stat.uid !== uid)
    faults.push(`${path} belongs to user ${stat.uid}, not to ${uid} who runs the daemon: chown it`);
  return faults;
}
