import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import ipaddr from 'ipaddr.js';
import { secretWarnings } from '../config.ts';
import { isLoopback } from '../server/admission.ts';
import { reasonOf } from './ask-http.ts';
import { type Check, type DoctorContext, type Finding, findingsOf } from './check.ts';

const { ok, warn, fail, skip } = findingsOf('url');

/** The secret, and the address at which the platform reaches the guard. */
export const urlCheck: Check = {
  name: 'url',
  ifDown:
    'the platform tries to connect three times, then ends the call: keep more than one process behind the address',
  async run(context) {
    return [...secretFindings(context), ...(await publicFindings(context))];
  },
};

function secretFindings({ config, secrets }: DoctorContext): Finding[] {
  if (secrets.guardKey === undefined) {
    const open = !isLoopback(config.listen.host);
    const fix = 'export HANGUP_GUARD_KEY=$(openssl rand -hex 24)';
    return open
      ? [fail(`listen.host is ${config.listen.host}, but HANGUP_GUARD_KEY is not set: serve will refuse`, fix)]
      : [warn('HANGUP_GUARD_KEY is not set: only this machine can call', fix)];
  }
  const warnings = secretWarnings(secrets);
  return warnings.length > 0 ? warnings.map((one) => warn(one)) : [ok('HANGUP_GUARD_KEY is set')];
}

/** A call id that every guard refuses after it has looked at the secret: nothing is opened. */
const NO_CALL = '%2Fdoctor';

async function publicFindings({ publicUrl, secrets, offline, timeoutMs }: DoctorContext): Promise<Finding[]> {
  if (publicUrl === undefined) return [skip('give --url wss://HOST/llm-websocket/AGENT to try the way in')];
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  if (!url || !/^wss?:$/.test(url.protocol))
    return [fail('--url is not a wss:// address', 'wss://HOST/llm-websocket/AGENT')];
  const found: Finding[] = [];
  if (url.protocol === 'ws:') found.push(fail('--url is without TLS: the secret would be readable', 'use wss://'));
  if (offline) return [...found, skip('the way in was not tried (--offline)')];
  try {
    const { address } = await lookup(url.hostname.replace(/^\[|\]$/g, ''));
    const range = ipaddr.process(address).range();
    if (range !== 'unicast')
      found.push(fail(`${url.hostname} is a ${range} address: the platform refuses those`, 'use a public one'));
  } catch {
    return [...found, fail(`${url.hostname} cannot be resolved`, 'check the name and its DNS entry')];
  }
  const key = secrets.guardKey;
  const path = url.pathname.replace(/\/+$/, '');
  try {
    const without = await upgrade(url, `${path}/${NO_CALL}`, timeoutMs);
    if (without === 404) found.push(fail('no such agent at --url (404)', 'it ends in /llm-websocket/AGENT'));
    else if (key !== undefined && without !== 401) {
      found.push(fail(`a stranger without the secret is not refused (${without})`, 'set HANGUP_GUARD_KEY for serve'));
    }
    if (key === undefined) return found;
    const status = await upgrade(url, `${path}/${NO_CALL}?key=${encodeURIComponent(key)}`, timeoutMs);
    if (status === 400) found.push(ok(`${url.host} leads to a guard with this secret`));
    else if (status === 401)
      found.push(fail('the guard at --url has another secret', 'restart it with this HANGUP_GUARD_KEY'));
    else if (without !== 404)
      found.push(fail(`the guard at --url answers ${status}`, 'let the proxy pass WebSocket upgrades'));
  } catch (error) {
    found.push(
      fail(`${url.host} cannot be reached (${reasonOf(error, timeoutMs)})`, 'start serve, open the port, check TLS'),
    );
  }
  return found;
}

/** The status that a WebSocket upgrade gets; 101 is closed at once. */
function upgrade(url: URL, path: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'wss:' ? https : http;
    const req = request({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (url.protocol === 'wss:' ? 443 : 80),
      path,
      headers: {
        host: url.host,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'aGFuZ3VwLWd1YXJkLWRvYw==',
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    req.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    req.once('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    req.once('error', reject);
    req.end();
  });
}
