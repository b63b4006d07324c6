-- Appends and pushes texts.
-- KEYS  meta, log, answer (of the idempotency key, or meta when there is none)
-- ARGV  life, candidate epoch, history size, history ttl ms, meta ttl ms, fence or '', answer ttl ms or '0',
--       PUBLISH or SPUBLISH, its channel, texts...
-- Gives {epoch, offset of the last text}.
local meta, log, answer = KEYS[1], KEYS[2], KEYS[3]
local epoch, top = open(meta, log, ARGV[1], ARGV[2])

if ARGV[6] ~= '' then
  local seen = redis.call('HGET', meta, 'fence')
  if seen and tonumber(seen) > tonumber(ARGV[6]) then
    return redis.error_reply('FENCED by a newer producer')
  end
  redis.call('HSET', meta, 'fence', ARGV[6])
end

if ARGV[7] ~= '0' then
  local given = redis.call('GET', answer)
  if given then
    local given_epoch, given_offset = string.match(given, '^(%w+) (%d+)$')
    if given_epoch == epoch then return { epoch, given_offset } end
  end
end

local last = integer(top + #ARGV - 9)
redis.call('HSET', meta, 'top', last)
if ARGV[7] ~= '0' then redis.call('SET', answer, epoch .. ' ' .. last, 'PX', ARGV[7]) end
for i = 10, #ARGV do
  redis.call('XADD', log, integer(top + i - 9) .. '-0', 'd', ARGV[i])
end
redis.call('XTRIM', log, 'MAXLEN', ARGV[3])
redis.call('PEXPIRE', log, ARGV[4])
redis.call('PEXPIRE', meta, ARGV[5])
for i = 10, #ARGV do
  redis.call(ARGV[8], ARGV[9], epoch .. ':' .. integer(top + i - 9) .. ':' .. ARGV[i])
end
return { epoch, last }
