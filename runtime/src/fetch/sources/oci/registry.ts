import { FetchError } from '../../fetch-error';
import { isAllowed, statusError } from '../http-file';
import { isLoopback } from '../loopback';
import type { SourceOptions } from '../source';
import { loginFor } from './docker-config';
import type { OciReference } from './reference';

export interface RegistryProps extends SourceOptions {
  readonly artifact: OciReference;
  /** The URI as it may be logged. */
  readonly label: string;
}

type Headers = Readonly<Record<string, string>>;

/** Requests to one repository of a registry, with whatever it asks for to answer them. */
export class Registry {
  readonly #origin: string;
  #authorization: string | undefined;

  constructor(private readonly props: RegistryProps) {
    const { host } = props.artifact;
    const { hostname } = new URL(`https://${host}`);
    this.#origin = `${isLoopback(hostname) ? 'http' : 'https'}://${host}`;
  }

  /** Address below the repository: `manifests/v1`, `blobs/sha256:…`. */
  urlOf(path: string): URL {
    return new URL(`${this.#origin}/v2/${this.props.artifact.repository}/${path}`);
  }

  /** One GET that follows no redirect. Whoever is asked elsewhere is not told who we are. */
  async ask(url: URL, headers: Headers, signal: AbortSignal): Promise<Response> {
    const response = await this.#send(url, headers, signal);
    const challenge = response.headers.get('www-authenticate');
    if (response.status !== 401 || url.origin !== this.#origin || challenge === null) {
      return response;
    }
    await response.body?.cancel();
    this.#authorization = await this.#authorize(challenge, signal);
    return this.#send(url, headers, signal);
  }

  #send(url: URL, headers: Headers, signal: AbortSignal): Promise<Response> {
    const own = url.origin === this.#origin && this.#authorization !== undefined;
    return fetch(url, {
      redirect: 'manual',
      headers: { ...headers, ...(own ? { authorization: this.#authorization } : {}) },
      signal,
    });
  }

  /** Answers a challenge. Source: distribution, "Token Authentication Specification"; read 2026-11. */
  async #authorize(challenge: string, signal: AbortSignal): Promise<string> {
    const { label, artifact } = this.props;
    const login = await loginFor(artifact.host);
    if (/^basic\b/i.test(challenge)) {
      if (login?.kind === 'basic') return `Basic ${login.basic}`;
      throw new FetchError(`${label}: ${artifact.host} asks for a login; ${howToLogIn}`, false);
    }
    const { realm, service, scope } = fieldsOf(challenge);
    const url = this.#realm(realm ?? '');
    const asked = {
      ...(service === undefined ? {} : { service }),
      scope: scope ?? `repository:${artifact.repository}:pull`,
    };
    const response =
      login?.kind === 'refresh'
        ? await fetch(url, {
            method: 'POST',
            body: new URLSearchParams({
              ...asked,
              grant_type: 'refresh_token',
              client_id: 'manara',
              refresh_token: login.token,
            }),
            redirect: 'error',
            signal,
          })
        : await fetch(withQuery(url, asked), {
            headers: login === undefined ? {} : { authorization: `Basic ${login.basic}` },
            redirect: 'error',
            signal,
          });
    if (!response.ok) {
      await response.body?.cancel();
      const { message, passing } = statusError(label, response);
      throw new FetchError(`${message}, asked at ${url.host} for a token; ${howToLogIn}`, passing);
    }
    const { token, access_token } = (await response.json()) as {
      readonly token?: string;
      readonly access_token?: string;
    };
    return `Bearer ${token ?? access_token ?? ''}`;
  }

  /** A registry may name any host to log in at; only one that was declared is told the password. */
  #realm(realm: string): URL {
    const { label, allowedHosts } = this.props;
    if (!URL.canParse(realm)) {
      throw new FetchError(`${label}: the registry names no valid address to log in at`, false);
    }
    const url = new URL(realm);
    if (url.origin === this.#origin || isAllowed(url, allowedHosts)) return url;
    throw new FetchError(
      `${label}: the registry sends its callers to ${url.origin} to log in, which leaves the declared flow to ${this.#origin}; allow it with --allow-host ${url.host}`,
      false,
    );
  }
}

const howToLogIn = `put a login under "auths" of config.json in the folder DOCKER_CONFIG`;

function fieldsOf(challenge: string): Readonly<Partial<Record<string, string>>> {
  const fields = [...challenge.matchAll(/(\w+)="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query)) whole.searchParams.set(name, value);
  return whole;
}
