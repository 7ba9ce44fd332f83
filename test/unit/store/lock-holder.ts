// Takes the lock named on its command line, says so, and holds it until it is killed.
import { takeLock } from '../../../src/store/lock.ts';

const lock = takeLock(process.argv[2] ?? '');
if (lock.ok) lock.describe(7, null);
process.stdout.write(lock.ok ? 'held\n' : 'refused\n');
setInterval(() => undefined, 60_000);
