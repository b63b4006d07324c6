-- Appends and pushes texts, to one channel after another.
-- KEYS  for each: meta, log, answer (of the idempotency key, or meta when there is none)
-- ARGV  life, history size, history ttl ms, meta ttl ms, PUBLISH or SPUBLISH, most bytes of a push; then for each:
--       candidate epoch, field of the fence or '', its token, answer ttl ms or '0', digest of the texts or '' for any,
--       its channel, traceparent or '', number of texts, texts...
-- Gives for each {epoch, offset of the last text}, with '' behind where the key had its answer and nothing was appended;
-- {'FENCED'} by a newer holder, or {'REUSED'} for other texts.
-- A push of one text is <epoch>:<offset>:<text>, of several *<epoch>:<offset of the first>:<bytes>,<bytes>...:<texts>;
-- where they have a trace, <offset>;<traceparent> stands in place of the offset.

local function push(channel, epoch, offset, trace, from, to)
  local text = ARGV[from]
  local head = epoch .. ':' .. integer(offset) .. (trace == '' and ':' or ';' .. trace .. ':')
  if to > from then
    local sizes = {}
    for i = from, to do sizes[#sizes + 1] = #ARGV[i] end
    head = '*' .. head .. table.concat(sizes, ',') .. ':'
    text = table.concat(ARGV, '', from, to)
  end
  redis.call(ARGV[5], channel, head .. text)
end

local function publish(meta, log, answer, at, count)
  local epoch, top = open(meta, log, ARGV[1], ARGV[at])
  local fence, token, answer_ttl, digest, channel = ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  local trace, first = ARGV[at + 6], at + 8

  -- The first holder's token is not written down: most producers never have another one.
  if fence ~= '' then
    local newest = tonumber(redis.call('HGET', meta, fence) or '1')
    if token < newest then return { 'FENCED' } end
    if token > newest then redis.call('HSET', meta, fence, token) end
  end

  if answer_ttl ~= '0' then
    local given = redis.call('GET', answer)
    if given then
      local given_epoch, given_offset, given_digest = string.match(given, '^(%w+) (%d+) (%w*)$')
      if given_epoch == epoch then
        if digest ~= '' and given_digest ~= digest then return { 'REUSED' } end
        return { epoch, given_offset, '' }
      end
    end
  end

  local last = integer(top + count)
  redis.call('HSET', meta, 'top', last)
  if answer_ttl ~= '0' then redis.call('SET', answer, epoch .. ' ' .. last .. ' ' .. digest, 'PX', answer_ttl) end
  for i = 0, count - 1 do
    local id = integer(top + 1 + i) .. '-0'
    if trace == '' then redis.call('XADD', log, id, 'd', ARGV[first + i])
    else redis.call('XADD', log, id, 'd', ARGV[first + i], 't', trace) end
  end
  redis.call('XTRIM', log, 'MAXLEN', ARGV[2])
  redis.call('PEXPIRE', log, ARGV[3])
  redis.call('PEXPIRE', meta, ARGV[4])

  local from, size, most = 0, 0, tonumber(ARGV[6])
  for i = 0, count - 1 do
    size = size + #ARGV[first + i]
    if i > from and size > most then
      push(channel, epoch, top + 1 + from, trace, first + from, first + i - 1)
      from, size = i, #ARGV[first + i]
    end
  end
  if count > 0 then push(channel, epoch, top + 1 + from, trace, first + from, first + count - 1) end
  return { epoch, last }
end

local replies = {}
local at = 7
for i = 1, #KEYS, 3 do
  local count = tonumber(ARGV[at + 7])
  replies[#replies + 1] = publish(KEYS[i], KEYS[i + 1], KEYS[i + 2], at, count)
  at = at + 8 + count
end
return replies
