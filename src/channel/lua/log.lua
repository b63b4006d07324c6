-- Prelude of publish.lua and history.lua.
-- A channel is a hash (epoch, top, life, fence:<producer>) and a stream whose ids are <offset>-0.

local function server_life()
  local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  local replid = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
  return run_id .. ' ' .. replid
end

-- The epoch and top of a channel; a new epoch when there is none, or when the server has had another life since:
-- writes it acknowledged then may be gone. A caller that knows the server's life saves asking for it.
local function open(meta, log, life, candidate)
  local kept = redis.call('HMGET', meta, 'epoch', 'top', 'life')
  if kept[1] and kept[3] == life then return kept[1], tonumber(kept[2]) end
  local actual = server_life()
  if kept[1] and kept[3] == actual then return kept[1], tonumber(kept[2]) end
  redis.call('DEL', log)
  redis.call('HSET', meta, 'epoch', candidate, 'top', '0', 'life', actual)
  return candidate, 0
end

local function integer(number)
  return string.format('%.0f', number)
end
