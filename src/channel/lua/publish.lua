-- Appends and pushes texts.
-- KEYS  meta, log, answer (of the idempotency key, or meta when there is none)
-- ARGV  life, candidate epoch, history size, history ttl ms, meta ttl ms, field of the fence or '', its token,
--       answer ttl ms or '0', digest of the texts or '' for any, PUBLISH or SPUBLISH, its channel,
--       traceparent or '', texts...
-- Gives {epoch, offset of the last text}.
local meta, log, answer = KEYS[1], KEYS[2], KEYS[3]
local TEXTS = 13
local epoch, top = open(meta, log, ARGV[1], ARGV[2])

-- The first holder's token is not written down: most producers never have another one.
if ARGV[6] ~= '' then
  local newest, token = tonumber(redis.call('HGET', meta, ARGV[6]) or '1'), tonumber(ARGV[7])
  if token < newest then return redis.error_reply('FENCED by a newer holder') end
  if token > newest then redis.call('HSET', meta, ARGV[6], ARGV[7]) end
end

if ARGV[8] ~= '0' then
  local given = redis.call('GET', answer)
  if given then
    local given_epoch, given_offset, digest = string.match(given, '^(%w+) (%d+) (%w*)$')
    if given_epoch == epoch then
      if ARGV[9] ~= '' and digest ~= ARGV[9] then return redis.error_reply('REUSED for other texts') end
      return { epoch, given_offset }
    end
  end
end

local before = top - TEXTS + 1
local last = integer(before + #ARGV)
redis.call('HSET', meta, 'top', last)
if ARGV[8] ~= '0' then redis.call('SET', answer, epoch .. ' ' .. last .. ' ' .. ARGV[9], 'PX', ARGV[8]) end
for i = TEXTS, #ARGV do
  if ARGV[12] == '' then redis.call('XADD', log, integer(before + i) .. '-0', 'd', ARGV[i])
  else redis.call('XADD', log, integer(before + i) .. '-0', 'd', ARGV[i], 't', ARGV[12]) end
end
redis.call('XTRIM', log, 'MAXLEN', ARGV[3])
redis.call('PEXPIRE', log, ARGV[4])
redis.call('PEXPIRE', meta, ARGV[5])
local traced = ARGV[12] == '' and ':' or ';' .. ARGV[12] .. ':'
for i = TEXTS, #ARGV do
  redis.call(ARGV[10], ARGV[11], epoch .. ':' .. integer(before + i) .. traced .. ARGV[i])
end
return { epoch, last }
