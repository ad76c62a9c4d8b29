import { callerLength } from '../../idempotency/answer-id';
import { answerOverhead } from '../../idempotency/answer-store';

/**
 * Every change of a job in Redis is one of these scripts, which Redis runs whole or not at all.
 *
 * Below the prefix: `queue`, a stream of ids with the group `servers`; `later`, ids by the time that
 * they may run; `expiry` and `deliveries`, ids by their time; `caller:C`, ids by arrival; `job:ID` and
 * `answer:ID`, hashes; `answers` and `answers:C`, ids of answers by expiry; `answersizes`, their bytes;
 * `answered`, callers by the bytes of theirs; `answerbytes`, those of all answers; `used`, those of all
 * that is kept. All lie in one slot of a cluster, by the prefix in braces.
 *
 * KEYS[1] is the prefix. Scripts that make room are marked to run where Redis is out of memory.
 */
const fields =
  "'id','caller','state','request','fingerprint','callback','created','started','finished','expires','attempts','progress','failure','delivery'";

const common = `
  local p = KEYS[1]
  local function key(id) return p .. ':job:' .. id end
  local function state(id) return redis.call('HGET', key(id), 'state') end
  local function read(id) return redis.call('HMGET', key(id), ${fields}) end
  local function weigh(id, bytes)
    redis.call('HINCRBY', key(id), 'weight', bytes)
    redis.call('INCRBY', p .. ':used', bytes)
  end
  local function drop(id, field)
    -- Not by the minus sign: of a batch, whose bytes are in files, it would make -0, which Redis takes
    -- for no integer, and a script that fails is not undone.
    local freed = 0 - redis.call('HSTRLEN', key(id), field)
    if redis.call('HDEL', key(id), field) == 1 then weigh(id, freed) end
  end
  local function used() return tonumber(redis.call('GET', p .. ':used') or '0') end
  local function unqueue(id)
    local entry = redis.call('HGET', key(id), 'entry')
    if entry then
      redis.call('XACK', p .. ':queue', 'servers', entry)
      redis.call('XDEL', p .. ':queue', entry)
      redis.call('HDEL', key(id), 'entry')
    end
    redis.call('ZREM', p .. ':later', id)
  end
  local function queue(id)
    redis.call('HSET', key(id), 'entry', redis.call('XADD', p .. ':queue', '*', 'id', id))
  end
  local function announce(id, at)
    if redis.call('HEXISTS', key(id), 'callback') == 0 then return end
    redis.call('HSET', key(id), 'delivery', '{"state":"pending","attempts":0}')
    redis.call('ZADD', p .. ':deliveries', at, id)
  end
  local function underWay(id, fingerprint)
    local there = redis.call('HMGET', p .. ':answer:' .. id, 'fingerprint', 'answer')
    return there[1] == fingerprint and not there[2]
  end
  local function callerOf(id) return string.sub(id, 1, ${callerLength}) end
  local function countAnswer(id, bytes)
    redis.call('INCRBY', p .. ':used', bytes)
    redis.call('INCRBY', p .. ':answerbytes', bytes)
    local his = redis.call('ZINCRBY', p .. ':answered', bytes, callerOf(id))
    if tonumber(his) <= 0 then redis.call('ZREM', p .. ':answered', callerOf(id)) end
  end
  local function forget(id)
    local bytes = redis.call('HGET', p .. ':answersizes', id)
    if not bytes then return end
    redis.call('DEL', p .. ':answer:' .. id)
    redis.call('HDEL', p .. ':answersizes', id)
    redis.call('ZREM', p .. ':answers', id)
    redis.call('ZREM', p .. ':answers:' .. callerOf(id), id)
    countAnswer(id, -tonumber(bytes))
  end
`;

function script(body: string): string {
  return `#!lua\n${common}${body}`;
}

function roomMaking(body: string): string {
  return `#!lua flags=allow-oom\n${common}${body}`;
}

export const scripts = {
  // id, limit, input, field, value, …
  add: script(`
    local id = ARGV[1]
    if redis.call('EXISTS', key(id)) == 1 then return read(id) end
    local bytes = #ARGV[3] + 1024
    for i = 5, #ARGV, 2 do bytes = bytes + #ARGV[i] end
    if used() + bytes > tonumber(ARGV[2]) then return used() end
    local seq = redis.call('INCR', p .. ':seq')
    redis.call('HSET', key(id), 'seq', seq, 'input', ARGV[3], unpack(ARGV, 4))
    weigh(id, bytes)
    queue(id)
    redis.call('ZADD', p .. ':caller:' .. redis.call('HGET', key(id), 'caller'), seq, id)
    return false
  `),
  // id
  get: script(`
    if redis.call('EXISTS', key(ARGV[1])) == 0 then return false end
    return read(ARGV[1])
  `),
  // id
  bodies: script(`
    return redis.call('HMGET', key(ARGV[1]), 'input', 'head', 'body')
  `),
  // caller, before, limit
  list: script(`
    local ids = redis.call('ZRANGE', p .. ':caller:' .. ARGV[1], ARGV[2], '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[3])
    local jobs = {}
    for i, id in ipairs(ids) do jobs[i] = { redis.call('HGET', key(id), 'seq'), read(id) } end
    return jobs
  `),
  // server, now, lease
  take: script(`
    pcall(redis.call, 'XGROUP', 'CREATE', p .. ':queue', 'servers', '0', 'MKSTREAM')
    for _, id in ipairs(redis.call('ZRANGE', p .. ':later', '-inf', ARGV[2], 'BYSCORE', 'LIMIT', 0, 100)) do
      redis.call('ZREM', p .. ':later', id)
      queue(id)
    end
    while true do
      local lost = redis.call('XAUTOCLAIM', p .. ':queue', 'servers', ARGV[1], ARGV[3], '0', 'COUNT', 1)
      local entry = lost[2][1]
      if not entry then
        local fresh = redis.call('XREADGROUP', 'GROUP', 'servers', ARGV[1], 'COUNT', 1, 'STREAMS', p .. ':queue', '>')
        if not fresh then return false end
        entry = fresh[1][2][1]
      end
      local id = entry[2][2]
      local now = state(id)
      if (now == 'queued' or now == 'running') and redis.call('HGET', key(id), 'entry') == entry[1] then
        redis.call('HINCRBY', key(id), 'attempts', 1)
        redis.call('HSET', key(id), 'state', 'running', 'started', ARGV[2], 'server', ARGV[1])
        return read(id)
      end
      redis.call('XACK', p .. ':queue', 'servers', entry[1])
      redis.call('XDEL', p .. ':queue', entry[1])
    end
  `),
  // id, server, progress
  report: script(`
    local id = ARGV[1]
    if state(id) ~= 'running' or redis.call('HGET', key(id), 'server') ~= ARGV[2] then return 0 end
    redis.call('XCLAIM', p .. ':queue', 'servers', ARGV[2], 0, redis.call('HGET', key(id), 'entry'), 'JUSTID')
    if ARGV[3] ~= '' then redis.call('HSET', key(id), 'progress', ARGV[3]) end
    return 1
  `),
  // id, limit, state, head, body, failure, at, expires
  finish: script(`
    local id = ARGV[1]
    if state(id) ~= 'running' then return false end
    local bytes = #ARGV[4] + #ARGV[5]
    if used() - redis.call('HSTRLEN', key(id), 'input') + bytes > tonumber(ARGV[2]) then return used() end
    drop(id, 'input')
    redis.call('HSET', key(id), 'state', ARGV[3], 'head', ARGV[4], 'body', ARGV[5], 'finished', ARGV[7], 'expires', ARGV[8])
    if ARGV[6] ~= '' then redis.call('HSET', key(id), 'failure', ARGV[6]) end
    weigh(id, bytes)
    unqueue(id)
    redis.call('ZADD', p .. ':expiry', ARGV[8], id)
    announce(id, ARGV[7])
    return 'done'
  `),
  // id, server, notBefore
  putBack: roomMaking(`
    local id = ARGV[1]
    if state(id) ~= 'running' or redis.call('HGET', key(id), 'server') ~= ARGV[2] then return end
    redis.call('HINCRBY', key(id), 'attempts', -1)
    redis.call('HSET', key(id), 'state', 'queued')
    unqueue(id)
    redis.call('ZADD', p .. ':later', ARGV[3], id)
  `),
  // id, at, expires
  cancel: roomMaking(`
    local id = ARGV[1]
    local now = state(id)
    if now ~= 'queued' and now ~= 'running' then return 0 end
    unqueue(id)
    drop(id, 'input')
    redis.call('HSET', key(id), 'state', 'canceled', 'finished', ARGV[2], 'expires', ARGV[3])
    redis.call('ZADD', p .. ':expiry', ARGV[3], id)
    announce(id, ARGV[2])
    return 1
  `),
  // now, until
  takeDelivery: script(`
    local due = redis.call('ZRANGE', p .. ':deliveries', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, 1)
    if not due[1] then return false end
    redis.call('ZADD', p .. ':deliveries', ARGV[2], due[1])
    return read(due[1])
  `),
  // id, delivery, nextAt
  noteDelivery: script(`
    local id = ARGV[1]
    if redis.call('EXISTS', key(id)) == 0 then return end
    redis.call('HSET', key(id), 'delivery', ARGV[2])
    if ARGV[3] == '' then redis.call('ZREM', p .. ':deliveries', id)
    else redis.call('ZADD', p .. ':deliveries', ARGV[3], id) end
  `),
  // id, fingerprint, millis
  beginAnswer: script(`
    local at = p .. ':answer:' .. ARGV[1]
    local there = redis.call('HMGET', at, 'fingerprint', 'answer')
    if not there[1] then
      -- One that expired is counted until a sweep comes by.
      forget(ARGV[1])
      redis.call('HSET', at, 'fingerprint', ARGV[2])
      redis.call('PEXPIRE', at, ARGV[3])
      return 'new'
    end
    if there[1] ~= ARGV[2] then return 'other' end
    return there[2] and { there[2] } or 'busy'
  `),
  // id, fingerprint, millis
  holdAnswer: roomMaking(`
    if underWay(ARGV[1], ARGV[2]) then redis.call('PEXPIRE', p .. ':answer:' .. ARGV[1], ARGV[3]) end
  `),
  // id, fingerprint, answer, expires, millis, share, limit
  keepAnswer: script(`
    if not underWay(ARGV[1], ARGV[2]) then return false end
    local bytes, share = #ARGV[3] + ${answerOverhead}, tonumber(ARGV[6])
    local function kept() return tonumber(redis.call('GET', p .. ':answerbytes') or '0') end
    local forgotten = 0
    while kept() + bytes > share do
      local most = redis.call('ZRANGE', p .. ':answered', 0, 0, 'REV')[1]
      -- No more than Redis can do without keeping everybody else waiting.
      if not most or bytes > share or forgotten == 1000 then return kept() end
      local oldest = redis.call('ZRANGE', p .. ':answers:' .. most, 0, 0)[1]
      if not oldest then return kept() end
      forget(oldest)
      forgotten = forgotten + 1
    end
    if used() + bytes > tonumber(ARGV[7]) then return used() end
    redis.call('HSET', p .. ':answer:' .. ARGV[1], 'answer', ARGV[3])
    redis.call('PEXPIRE', p .. ':answer:' .. ARGV[1], ARGV[5])
    redis.call('HSET', p .. ':answersizes', ARGV[1], bytes)
    redis.call('ZADD', p .. ':answers', ARGV[4], ARGV[1])
    redis.call('ZADD', p .. ':answers:' .. callerOf(ARGV[1]), ARGV[4], ARGV[1])
    countAnswer(ARGV[1], bytes)
    return false
  `),
  // id, fingerprint
  dropAnswer: roomMaking(`
    if underWay(ARGV[1], ARGV[2]) then redis.call('DEL', p .. ':answer:' .. ARGV[1]) end
  `),
  // now, removeAt, rows
  sweep: roomMaking(`
    local expired, removed = {}, 0
    for _, id in ipairs(redis.call('ZRANGE', p .. ':expiry', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
      if state(id) == 'expired' then
        redis.call('INCRBY', p .. ':used', -tonumber(redis.call('HGET', key(id), 'weight')))
        redis.call('ZREM', p .. ':caller:' .. redis.call('HGET', key(id), 'caller'), id)
        redis.call('DEL', key(id))
        redis.call('ZREM', p .. ':expiry', id)
        removed = removed + 1
      else
        drop(id, 'head')
        drop(id, 'body')
        redis.call('HDEL', key(id), 'progress')
        redis.call('HSET', key(id), 'state', 'expired', 'expires', ARGV[2])
        redis.call('ZADD', p .. ':expiry', ARGV[2], id)
        redis.call('ZREM', p .. ':deliveries', id)
        expired[#expired + 1] = id
      end
    end
    for _, id in ipairs(redis.call('ZRANGE', p .. ':answers', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
      forget(id)
    end
    -- Fails, as a table without entries, before the first job was taken.
    for _, consumer in ipairs(redis.pcall('XINFO', 'CONSUMERS', p .. ':queue', 'servers')) do
      if consumer[4] == 0 and consumer[6] > 86400000 then
        redis.call('XGROUP', 'DELCONSUMER', p .. ':queue', 'servers', consumer[2])
      end
    end
    return { expired, removed }
  `),
} as const;

export type ScriptName = keyof typeof scripts;
