import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

// Runs the proxies of examples/proxy in front of a gateway, with their files as they are but for ports, certificate and time-outs.

interface ProxyProgram {
  /** File in examples/proxy. */
  file: string;
  /** Replacements in the file. Each must match. */
  adapt(places: ProxyPlaces): [pattern: string | RegExp, replacement: string][];
  command(places: ProxyPlaces): string[];
}

interface ProxyPlaces {
  folder: string;
  config: string;
  /** Certificate and key in one file. */
  pem: string;
  httpsPort: number;
  httpPort: number;
  target: string;
  timeoutSeconds: number;
}

export const PROXIES = {
  nginx: {
    file: 'nginx.conf',
    adapt: ({ folder, pem, httpsPort, httpPort, target, timeoutSeconds }) => [
      ['access_log /var/log/nginx/', `access_log ${folder}/`],
      [/ssl_certificate +.*;/, `ssl_certificate ${pem};`],
      [/ssl_certificate_key .*;/, `ssl_certificate_key ${pem};`],
      ['listen 443 ', `listen 127.0.0.1:${httpsPort} `],
      ['listen 80;', `listen 127.0.0.1:${httpPort};`],
      ['server 127.0.0.1:4000;', `server ${target};`],
      ['proxy_read_timeout 60s', `proxy_read_timeout ${timeoutSeconds}s`],
    ],
    command: ({ folder, config }) => {
      const globals = `daemon off; pid ${folder}/nginx.pid; error_log stderr warn;`;
      return ['nginx', '-e', 'stderr', '-c', config, '-g', globals];
    },
  },
  HAProxy: {
    file: 'haproxy.cfg',
    adapt: ({ pem, httpsPort, httpPort, target, timeoutSeconds }) => [
      // More takes more file descriptors than a user's shell may open.
      ['maxconn 16384', 'maxconn 100'],
      [/bind :443 ssl crt \S+/, `bind 127.0.0.1:${httpsPort} ssl crt ${pem}`],
      ['bind :80', `bind 127.0.0.1:${httpPort}`],
      ['server node1 127.0.0.1:4000', `server node1 ${target}`],
      ['timeout client 60s', `timeout client ${timeoutSeconds}s`],
      ['timeout server 60s', `timeout server ${timeoutSeconds}s`],
      ['timeout tunnel 60s', `timeout tunnel ${timeoutSeconds}s`],
    ],
    command: ({ config }) => ['haproxy', '-db', '-f', config],
  },
  Caddy: {
    file: 'Caddyfile',
    // Caddy has no time-out for idle connections.
    adapt: ({ pem, httpsPort, httpPort, target }) => [
      [
        /^chat\.example\.com \{/m,
        `{\n admin off\n auto_https disable_certs\n http_port ${httpPort}\n}\nhttps://localhost:${httpsPort} {\n bind 127.0.0.1\n tls ${pem} ${pem}`,
      ],
      ['reverse_proxy 127.0.0.1:4000', `reverse_proxy ${target}`],
    ],
    command: ({ config }) => ['caddy', 'run', '--config', config, '--adapter', 'caddyfile'],
  },
} satisfies Record<string, ProxyProgram>;

export type ProxyName = keyof typeof PROXIES;

export interface RunningProxy {
  /** Base URL of its TLS port. The certificate is its own. */
  url: string;
  httpsPort: number;
  httpPort: number;
}

/** Starts a proxy in front of a gateway, and stops it after the test. */
export async function startProxy(
  name: ProxyName,
  { target, timeoutSeconds = 60 }: { target: string; timeoutSeconds?: number },
): Promise<RunningProxy> {
  const program: ProxyProgram = PROXIES[name];
  const folder = await mkdtemp(join(tmpdir(), 'parley-proxy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const [httpsPort, httpPort] = [await findFreePort(), await findFreePort()];
  const places: ProxyPlaces = {
    ...{ folder, httpsPort, httpPort, target, timeoutSeconds },
    config: join(folder, program.file),
    pem: await createCertificate(folder),
  };
  let text = await readFile(join('examples/proxy', program.file), 'utf8');
  for (const [pattern, replacement] of program.adapt(places)) {
    if (text.split(pattern).length < 2) throw new Error(`${program.file} has no ${pattern}`);
    text = text.replace(pattern, replacement);
  }
  await writeFile(places.config, text);
  await run(program.command(places), folder, httpsPort);
  return { url: `https://localhost:${httpsPort}`, httpsPort, httpPort };
}

async function run([command = '', ...args]: string[], folder: string, port: number) {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, HOME: folder, PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)));
  });
  failed.catch(() => undefined);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  while (!(await isListening(port)))
    await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 50))]);
}

/** A certificate for localhost that nobody vouches for, with its key, in one file. */
async function createCertificate(folder: string): Promise<string> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...made, ...names, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  const path = join(folder, 'both.pem');
  await writeFile(path, `${await readFile(certificate, 'utf8')}${await readFile(key, 'utf8')}`);
  // Workers of nginx run as another user.
  await chmod(folder, 0o755);
  return path;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
