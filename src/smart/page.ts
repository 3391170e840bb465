// The page's wrapping: what it may load, who may frame it, and the plain page that says why a launch failed.
import { Hono } from 'hono';
import type { Platform } from '../platform.ts';
import { frameAncestors, type RegisteredEhr } from './ehr.ts';

/** No X-Frame-Options: it cannot name several ancestors, and would override nothing but confuse old proxies. */
export const pageHeaders = (ancestors: string, more: string[] = []): Record<string, string> => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    ...more,
    `frame-ancestors ${ancestors}`,
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
});

export function pageRoutes(platform: Platform, registered: RegisteredEhr[]): Hono {
  const app = new Hono();

  /** A built file with the headers of its page; hashed files may be kept, pages never. */
  async function page(path: string, folder: 'panel' | 'gallery', given: Record<string, string>): Promise<Response> {
    const name = path.slice(folder.length + 2) || 'index.html';
    const found = name.split('/').includes('..') ? undefined : await platform.asset(`${folder}/${name}`);
    const headers = new Headers(given);
    headers.set('content-type', found?.headers.get('content-type') ?? 'text/plain; charset=utf-8');
    if (found && name.startsWith('assets/')) headers.set('cache-control', 'public, max-age=31536000, immutable');
    return found
      ? new Response(found.body, { status: found.status, headers })
      : new Response('Not found', { status: 404, headers });
  }

  app.get('/panel', (c) => c.redirect('/panel/'));
  app.get('/panel/*', (c) => {
    // The sealed session is in the fragment, which no server sees; with several EHRs `?ehr=` says whose page this is.
    const which = c.req.query('ehr');
    const ehr = which === undefined ? (registered.length === 1 ? registered[0] : undefined) : registered[Number(which)];
    return page(c.req.path, 'panel', pageHeaders(frameAncestors(ehr)));
  });

  // Every state of the panel on a synthetic patient; it frames itself to show widths.
  app.get('/gallery', (c) => c.redirect('/gallery/'));
  app.get('/gallery/*', (c) => page(c.req.path, 'gallery', pageHeaders("'self'", ["frame-src 'self'"])));

  return app;
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A page without script or style of its own, for the moments when there is no panel to show. */
export function messagePage(status: number, title: string, detail: string, ancestors: string): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p></main></html>`;
  return new Response(html, {
    status,
    headers: { ...pageHeaders(ancestors), 'content-type': 'text/html; charset=utf-8' },
  });
}
