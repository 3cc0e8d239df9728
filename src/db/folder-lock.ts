import { link, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Locks the folder for this process, by a file that holds its pid and host. Resolves to the function that unlocks. Takes over the lock of
 * a process that has died. Throws FolderInUseError while that process lives, and where it ran on another host, which can't be asked.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const holder = `${process.pid} ${hostname()}`;
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, holder, { mode: 0o600 });
  try {
    if (!(await tryLink(draft, path))) {
      await removeIfStale(folder, path);
      if (!(await tryLink(draft, path))) throw new FolderInUseError(folder, await readHolder(path));
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(path, { force: true });
}

export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  constructor(folder: string, holder: string) {
    const [pid, host] = holder.split(' ');
    super(
      `The data in ${folder} is in use by process ${pid} on ${host}, and two processes would destroy it. ` +
        `Stop that process, or set DATA_DIR to another folder. If no such process runs, remove ${join(folder, 'lock')}.`,
    );
  }
}

// link() is atomic and fails where the target exists: one of any number of processes succeeds, with its pid already in the file.
async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

// One process at a time checks and removes: otherwise a second one could remove the lock that the first has just created.
async function removeIfStale(folder: string, path: string) {
  const guard = join(folder, 'lock.checking');
  try {
    await mkdir(guard);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw new FolderInUseError(folder, await readHolder(path));
    throw error;
  }
  try {
    const [pid, host] = (await readHolder(path)).split(' ');
    // A container's first process has the same pid at every start: a lock with this process's own pid is from an earlier run.
    if (host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid)))) {
      await rm(path, { force: true });
    }
  } finally {
    await rmdir(guard);
  }
}

async function readHolder(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 'unknown unknown';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
