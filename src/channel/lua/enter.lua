-- Notes members for a while.
-- KEYS  members, a sorted set by the server's time in ms at which each is forgotten
-- ARGV  ttl ms, member …
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local ttl = tonumber(ARGV[1])
for nth = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ttl, ARGV[nth]) end
redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), ttl))
