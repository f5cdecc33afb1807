/**
 * Files, compression and names are worked on by one pool of threads, of which half may look up names. With the usual
 * four, two names whose server is silent hold up all others for as long as the system is patient. The size is read when
 * the pool is first used, so each host imports this before anything else.
 */
const threads = 32

process.env['UV_THREADPOOL_SIZE'] ??= String(threads)
