package io.mlog.broker.rpc;

import io.mlog.services.BrokerService;
import io.mlog.services.GroupService;
import io.mlog.services.PlacementService;
import io.mlog.services.RecordService;
import io.mlog.services.TopicService;

/** What the JSON RPC asks of its broker. */
public record RpcServices(
        RecordService records,
        TopicService topics,
        PlacementService placement,
        GroupService groups,
        RemoteOffsets remoteOffsets,
        BrokerService broker) {}
