package io.mlog.cli.group;

import io.mlog.cli.terminal.JsonText;
import io.mlog.client.why.GroupOverview;
import io.mlog.protocol.DescribeGroup;
import io.mlog.protocol.ListGroups;
import java.util.LinkedHashMap;
import java.util.Map;

/** What scripts are told about consumer groups. */
final class GroupJson {
    private GroupJson() {}

    static String of(ListGroups.Group group) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("group", group.group());
        object.put("groupType", group.groupType());
        object.put("state", group.state());
        object.put("protocolType", group.protocolType());
        return JsonText.of(object);
    }

    static String of(GroupOverview overview) {
        DescribeGroup.Response group = overview.group();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("group", group.group());
        object.put("groupType", group.groupType());
        object.put("state", group.state());
        object.put("protocolType", group.protocolType());
        object.put("epoch", group.epoch());
        object.put("assignor", group.assignor());
        object.put("coordinator", group.coordinatorNodeId());
        object.put("partitions", overview.places().stream().map(GroupJson::place).toList());
        object.put("members", group.members().stream().map(GroupJson::member).toList());
        object.put("events", group.events().stream().map(GroupJson::event).toList());
        return JsonText.of(object);
    }

    private static Map<String, Object> place(GroupOverview.Place place) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", place.partition().topic());
        object.put("partition", place.partition().partition());
        object.put("offset", place.committed());
        object.put("end", place.end());
        object.put("lag", place.lag());
        object.put("committedAtMs", place.committedAtMs());
        object.put("memberId", place.member().map(DescribeGroup.Member::memberId));
        return object;
    }

    private static Map<String, Object> member(DescribeGroup.Member member) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("memberId", member.memberId());
        object.put("instanceId", member.instanceId());
        object.put("clientId", member.clientId());
        object.put("host", member.host());
        object.put("epoch", member.epoch());
        object.put("assigned", member.assigned().stream().map(Object::toString).toList());
        return object;
    }

    private static Map<String, Object> event(DescribeGroup.Event event) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("atMs", event.atMs());
        object.put("kind", event.kind());
        object.put("epoch", event.epoch());
        object.put("what", event.what());
        return object;
    }
}
