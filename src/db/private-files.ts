import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeFS } from '@electric-sql/pglite/nodefs';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const GROUP_AND_OTHERS = 0o077;
const POSTGRES_FOLDER = 'postgres';
// Entries of a data folder: PostgreSQL's files, the secret of tokens, the lock and its drafts, the socket of `npm run token`.
const OWN_ENTRY = /^(postgres|secret|gateway\.sock|lock(\..*)?)$/;

/**
 * Creates the data folder, or takes the rights of groups and others from one that is there, with all that Parley keeps in it.
 * Files of others are left alone, and so is a folder that has some: it may be a shared one.
 */
export async function restrictDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const entries = await readdir(folder);
  // The outer folders first: from then on nobody else reaches what is in them.
  if (entries.every((name) => OWN_ENTRY.test(name))) await restrict(folder);
  for (const name of entries.filter((entry) => OWN_ENTRY.test(entry))) await restrictTree(join(folder, name));
  await mkdir(join(folder, POSTGRES_FOLDER), { recursive: true, mode: FOLDER_MODE });
}

/**
 * Files of the embedded PostgreSQL, which it would create with mode 0666 whatever the umask is: Emscripten's file system sets the mode
 * that was asked for once more, after the file was created.
 */
export class PrivateFiles extends NodeFS {
  constructor(dataFolder: string) {
    super(join(dataFolder, POSTGRES_FOLDER));
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args);
    const preRun = [({ NODEFS }: { NODEFS: NodeFileSystem }) => restrictModes(NODEFS)];
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, ...(emscriptenOpts.preRun ?? [])] } };
  }
}

// Emscripten's file system on Node.js, as far as it sets modes. Its types leave it out.
interface NodeFileSystem {
  node_ops: {
    mknod(parent: object, name: string, mode: number, device: number): object;
    setattr: SetAttributes;
  };
  stream_ops: { setattr: SetAttributes };
}
type SetAttributes = (file: object, attributes: { mode?: number }) => void;

function restrictModes({ node_ops: nodes, stream_ops: streams }: NodeFileSystem) {
  const { mknod } = nodes;
  nodes.mknod = (parent, name, mode, device) => mknod(parent, name, mode & ~GROUP_AND_OTHERS, device);
  for (const operations of [nodes, streams]) {
    const { setattr } = operations;
    operations.setattr = (file, attributes) =>
      setattr(
        file,
        attributes.mode === undefined
          ? attributes
          : { ...attributes, mode: attributes.mode & ~GROUP_AND_OTHERS },
      );
  }
}

async function restrictTree(path: string): Promise<void> {
  if (!(await restrict(path))) return;
  const entries = await readdir(path);
  await Promise.all(entries.map((name) => restrictTree(join(path, name))));
}

/** Resolves to whether it is a folder. */
async function restrict(path: string): Promise<boolean> {
  try {
    const stats = await lstat(path);
    // Symbolic links have no mode of their own, and their target may be anywhere.
    if (stats.isSymbolicLink()) return false;
    const mode = stats.isDirectory() ? FOLDER_MODE : FILE_MODE;
    if ((stats.mode & 0o777) !== mode) await chmod(path, mode);
    return stats.isDirectory();
  } catch (error) {
    // Gone meanwhile; or owned by another user, such as the volume of a container, who then decides.
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EPERM'].includes(String(error.code)))
      return false;
    throw error;
  }
}
