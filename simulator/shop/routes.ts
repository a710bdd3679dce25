import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Fault } from './faults.ts';
import { toCallbackUrl } from '../oauth/authorize.ts';
import { toTokenError } from '../oauth/token-errors.ts';
import type { RunningShop } from './running-shop.ts';

export interface Exchange {
  readonly shop: RunningShop;
  readonly request: Request;
  readonly response: Response;
  /** A fault that the route itself simulates. */
  readonly fault: Fault | undefined;
}

const GraphqlBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
const AuthorizeQuery = z.object({ client_id: z.string(), redirect_uri: z.url(), state: z.string() });

export function answerTokens({ shop, request, response, fault }: Exchange): void {
  const { status, body } = toTokenError(fault) ?? shop.grant(request.body);
  response.status(status).json(fault === 'expires_in_missing' ? { ...body, expires_in: undefined } : body);
}

/** The merchant approves at once. */
export function answerAuthorize({ shop, request, response }: Exchange): void {
  const query = AuthorizeQuery.safeParse(request.query).data;
  if (query === undefined || query.client_id !== shop.app.clientId) {
    response.status(400).send('Oauth error invalid_request');
    return;
  }
  const url = toCallbackUrl({
    redirectUri: query.redirect_uri,
    domain: shop.shop.domain,
    code: shop.tokens.issueCode(),
    state: query.state,
    secret: shop.app.secret(),
    now: shop.shop.now(),
  });
  response.redirect(url);
}

export function answerGraphql({ shop, request, response, fault }: Exchange): void {
  const refuse = (status: number, errors: unknown) => void response.status(status).json({ errors });
  if (!shop.tokens.isGood(request.get('x-shopify-access-token') ?? ''))
    return refuse(401, '[API] Invalid API key or access token (unrecognized login or wrong password)');
  const body = GraphqlBody.safeParse(request.body).data;
  if (body === undefined) return refuse(400, { query: 'Required parameter missing or invalid' });
  const version = String(request.params.version);
  const answer = shop.admin.answer(version, body, fault === 'throttled');
  if (answer === undefined) return refuse(404, 'Not Found');
  response.set('x-shopify-api-version', shop.faults.apiVersion ?? version).json(answer);
}

export function answerDownload({ shop, request, response, fault }: Exchange): void {
  const text = shop.bulk.download(String(request.params.file));
  // Results are stored by another company: the shop's access token must not be sent there.
  const isTold = request.get('x-shopify-access-token') !== undefined;
  if (text === undefined || isTold) {
    const code = isTold ? 'InvalidRequest' : 'ExpiredToken';
    response.status(400).type('xml').send(`<Error><Code>${code}</Code></Error>`);
    return;
  }
  const bytes = Buffer.from(text);
  response.type('application/jsonl').set('content-length', String(bytes.length));
  if (fault === 'dropped') response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  else response.end(bytes);
}
