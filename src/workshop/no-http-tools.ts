const ANSWER = JSON.stringify({ status: 'not called: nobody is on the line' });

/** What answers in place of the user's own HTTP tools, where calls are only played: nothing is booked by an eval. */
export const noHttpTools: typeof fetch = async () =>
  new Response(ANSWER, { status: 200, headers: { 'content-type': 'application/json' } });
