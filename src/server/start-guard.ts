import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { DaySpending } from '../classifier/spending.ts';
import { type Clock, wallClock } from '../clock.ts';
import type { Config, Secrets } from '../config.ts';
import { platforms } from '../platforms/index.ts';
import type { Platform } from '../platforms/platform.ts';
import { loadPrompts } from '../prompts.ts';
import type { Records } from '../records/record.ts';
import type { WrapModel } from '../responders/index.ts';
import type { Upstream } from '../responders/responder.ts';
import { loadWeights } from '../weights-file.ts';
import {
  clientIp,
  foreignQuery,
  inRanges,
  ipRanges,
  isLoopback,
  type Refusal,
  readAddress,
  STATUS_OF,
  secretFits,
} from './admission.ts';
import type { CallParts, StepObserver } from './call-parts.ts';
import { Calls } from './calls.ts';
import { httpRoutes } from './http-routes.ts';
import type { CallLog } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { Setup } from './setup.ts';
import { wireSocket } from './socket-wire.ts';
import type { StopCall } from './stop-call.ts';
import { whenOpen } from './upstream-dial.ts';
import type { Wire, WireEnd } from './wire.ts';

/** Thrown for a socket that the guard does not take. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`refused: ${refusal}`);
    this.refusal = refusal;
  }
}

export interface GuardOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly records: Records;
  readonly log: CallLog;
  /** Default: the wall. */
  readonly clock?: Clock;
  /** How a call is ended over the platform's REST API; null: not possible. */
  readonly stopCall?: StopCall | null;
  /** False: no port is opened, calls come through `connect` only. */
  readonly listen?: boolean;
  /** Put around every model before anything is asked of it: recorded answers of an eval. */
  readonly wrapModel?: WrapModel;
  /** In place of the network for the user's HTTP tools, which an eval must not call. */
  readonly toolFetch?: typeof fetch;
  /** Sees every step of every call: for whoever watches a call in this process. */
  readonly onStep?: StepObserver;
}

export interface Guard {
  /** Where platforms connect, without a secret; empty when it does not listen. */
  readonly url: string;
  readonly port: number;
  readonly metrics: Metrics;
  /** Open calls. */
  live(): number;
  /** A socket in process, for the player. Throws RefusedError. */
  connect(agent: string, callId: string, wire: Wire): WireEnd;
  /** Takes a new config for calls that begin from now on. Throws when it cannot be used; then the old one stays. */
  reload(config: Config): void;
  /**
   * No new calls; live ones may finish for `deadlineMs`, then they are dropped abnormally so that the platform dials
   * again elsewhere. A socket is never closed with 1000 for it: on Retell that hangs up.
   */
  drain(deadlineMs: number): Promise<void>;
  /** Drops what is left and frees port and store. */
  close(): Promise<void>;
}

/** Who may open a socket, by address: `allowed_ips`, seen through `trusted_proxies`. */
function peersOf({ listen }: Config): { mayCall(request: IncomingMessage): boolean } {
  const allowed = ipRanges(listen.allowed_ips);
  const proxies = ipRanges(listen.trusted_proxies);
  return { mayCall: (request) => allowed.length === 0 || inRanges(clientIp(request, proxies), allowed) };
}

/** Starts a guard. Throws when the config asks for more than loopback without HANGUP_GUARD_KEY, or the port is taken. */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const { secrets, records, log, clock = wallClock, stopCall = null } = options;
  const metrics = createMetrics(options.listen !== false);
  const calls = new Calls();
  const spending = new DaySpending(() => clock.now());
  const setUp = (config: Config): Setup =>
    new Setup(config, secrets, {
      weights: loadWeights(config.weights_file),
      ...(options.wrapModel && { wrapModel: options.wrapModel }),
      ...(options.toolFetch && { toolFetch: options.toolFetch }),
      prompts: loadPrompts(config.prompts_dir),
      canStop: stopCall !== null,
      clock,
      spending,
      notClassified: (why, callId) => log.warn({ callId, why }, 'the classifier did not answer'),
      observe: ({ callId, turn, provider, outcome, code, ms }) => {
        metrics.providers.inc({ provider, outcome });
        if (outcome === 'answered') log.debug({ callId, turn, provider, ms }, 'provider answered');
        else log.warn({ callId, turn, provider, outcome, code, ms }, 'provider did not answer');
      },
    });
  let setup = setUp(options.config);
  const { listen } = options.config;
  if (options.listen !== false && secrets.guardKey === undefined && !isLoopback(listen.host)) {
    throw new RangeError(`listening on ${listen.host} needs HANGUP_GUARD_KEY: without it anybody could take calls`);
  }

  const partsOf =
    (agent: string) =>
    (platform: Platform): CallParts => {
      const mine = setup;
      const parts: CallParts = {
        clock,
        policy: mine.policy(agent, clock.now()),
        platform,
        responder: mine.responder(agent),
        brief: mine.brief(agent),
        tools: mine.tools(agent),
        classify: mine.classify(),
        records,
        versions: mine.versions(agent),
        metrics,
        log,
        detailsMs: mine.config.latency.details_ms,
        saved: {
          badCallMs: mine.config.saved.bad_call_seconds * 1_000,
          pricePerMinute: mine.config.saved.price_per_minute,
        },
        stopCall,
        ...(options.onStep && { onStep: options.onStep }),
        onOver: () => {
          metrics.live.dec();
          mine.callEnded();
        },
      };
      mine.callBegan();
      metrics.live.inc();
      return parts;
    };

  const refusalOf = (agent: string, callId: string): Refusal | null => {
    if (!setup.hasAgent(agent)) return 'no-such-agent';
    const limits = setup.config.listen;
    return calls.refusal(callId, { calls: limits.max_calls, socketsPerCall: limits.max_sockets_per_call });
  };

  const refuse = (refusal: Refusal): void => {
    metrics.refused.inc({ what: 'upgrade', reason: refusal });
    log.warn({ reason: refusal }, 'socket refused');
  };

  /** The partner of a socket where a server behind the guard answers. A call keeps the responder that it began with. */
  const dial = (agent: string, callId: string, query = ''): Upstream | null => {
    const responder = calls.get(callId)?.responder ?? setup.responder(agent);
    return responder.kind === 'relay' ? responder.dial(callId, query) : null;
  };

  const take = (agent: string, callId: string, wire: Wire, upstream: () => Upstream | null): WireEnd => {
    const refusal = refusalOf(agent, callId);
    if (refusal) {
      refuse(refusal);
      throw new RefusedError(refusal);
    }
    metrics.sockets.inc();
    return calls.attach(agent, callId, wire, partsOf(agent), platforms.retell, upstream());
  };

  const app = httpRoutes({
    metrics,
    live: () => calls.size,
    draining: () => calls.draining,
    storeReady: () => records.ready(),
  });
  const server = createServer(
    // Node looks for late requests every 30 s only, unless told.
    { connectionsCheckingInterval: Math.min(1_000, listen.handshake_ms) },
    getRequestListener(app.fetch),
  );
  server.headersTimeout = listen.handshake_ms;
  server.requestTimeout = listen.handshake_ms * 2;
  const sockets = new WebSocketServer({
    noServer: true,
    // 230 KB a socket for a few percent of loopback-sized frames.
    perMessageDeflate: false,
    maxPayload: listen.max_frame_bytes,
    clientTracking: true,
  });
  let peers = peersOf(options.config);

  const answerRefused = (socket: Duplex, refusal: Refusal): void => {
    refuse(refusal);
    const [status, text] = STATUS_OF[refusal];
    // A peer that does not close its side would keep the connection for ever.
    socket.once('finish', () => socket.destroy());
    socket.end(`HTTP/1.1 ${status} ${text}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  };
  sockets.on('wsClientError', (_error: Error, socket: Duplex) => answerRefused(socket, 'bad-handshake'));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const no = (refusal: Refusal): void => answerRefused(socket, refusal);
    const address = readAddress(request.url ?? '', platforms.retell.path);
    if (!address) return no('no-such-path');
    if (!peers.mayCall(request)) return no('ip-not-allowed');
    if (!secretFits(address.secret, secrets.guardKey)) return no('wrong-secret');
    const refusal = refusalOf(address.agent, address.callId);
    if (refusal) return no(refusal);
    const upstream = dial(address.agent, address.callId, foreignQuery(request.url ?? ''));
    let taken = false;
    // A handshake that ws refuses leaves nothing behind.
    if (upstream) socket.once('close', () => taken || upstream.terminate());
    const upgrade = (): void =>
      sockets.handleUpgrade(request, socket, head, (ws) => {
        taken = true;
        try {
          // Between the check and now another socket may have taken the place.
          const attach = (wire: Wire): WireEnd => take(address.agent, address.callId, wire, () => upstream);
          wireSocket(ws, address.callId, attach, { metrics, log });
        } catch (error) {
          if (!(error instanceof RefusedError)) {
            metrics.faults.inc({ what: 'socket' });
            log.error({ callId: address.callId, err: error }, 'the call could not be taken');
          }
          upstream?.terminate();
          ws.terminate();
        }
      });
    if (upstream) whenOpen(upstream, socket, upgrade, () => no('upstream-unreachable'));
    else upgrade();
  });

  let port = 0;
  if (options.listen !== false) {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(listen.port, listen.host, resolve);
    });
    port = (server.address() as AddressInfo).port;
  }
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;

  return {
    url: port === 0 ? '' : `ws://${host}:${port}${platforms.retell.path}`,
    port,
    metrics,
    live: () => calls.size,
    connect: (agent, callId, wire) => take(agent, callId, wire, () => dial(agent, callId)),
    reload: (config) => {
      const next = setUp(config);
      const nextPeers = peersOf(config);
      setup.retire();
      setup = next;
      peers = nextPeers;
      sockets.options.maxPayload = config.listen.max_frame_bytes;
      log.info({ config: next.configHash }, 'config reloaded');
    },
    drain: async (deadlineMs) => {
      calls.draining = true;
      log.info({ liveCalls: calls.size, deadlineMs }, 'draining');
      let cancel = (): void => {};
      await Promise.race([
        calls.empty(),
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, deadlineMs);
          cancel = () => clearTimeout(timer);
        }),
      ]);
      cancel();
      if (calls.size > 0)
        log.warn({ liveCalls: calls.size }, 'deadline: live calls are dropped so that the platform dials elsewhere');
      calls.dropAll();
    },
    close: async () => {
      calls.draining = true;
      calls.dropAll();
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
      setup.retire();
      if (port !== 0) {
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      }
      // What the store does not take stays in the spool, for the next process.
      await records.flush().catch((error: unknown) => log.error({ err: error }, 'the store does not work at the end'));
      await records.close();
    },
  };
}
