-- Reads what follows an offset.
-- KEYS  meta, log
-- ARGV  life, candidate epoch, meta ttl ms, first id wanted, limit
-- Gives {epoch, top, first kept offset, stream entries}.
local meta, log = KEYS[1], KEYS[2]
local epoch, top = open(meta, log, ARGV[1], ARGV[2])
redis.call('PEXPIRE', meta, ARGV[3])
local first = integer(top + 1)
local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)
if oldest[1] then first = string.match(oldest[1][1], '^%d+') end
return { epoch, integer(top), first, redis.call('XRANGE', log, ARGV[4], '+', 'COUNT', ARGV[5]) }
