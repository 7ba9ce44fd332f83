// A node process that a test starts and waits for: what it wrote, and that it ended by itself.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository: where packages are found from. */
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Standard output of a node process that ends with 0. Rejects with what it wrote to standard error otherwise, or when it lives on. */
export function runNode(args: readonly string[], env: Readonly<Record<string, string>>, within = 25_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [...args], { cwd: root, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const heard = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (heard.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (heard.err += chunk.toString()));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, within);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) return resolve(heard.out);
      reject(new Error(`${late ? `still running after ${String(within)} ms` : `ended with ${String(code)}`}:\n${heard.err}${heard.out}`));
    });
  });
}
