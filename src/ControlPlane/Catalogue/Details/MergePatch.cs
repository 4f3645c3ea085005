using System.Text.Json.Nodes;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>JSON Merge Patch (RFC 7396): members replace members, null removes, lists are replaced whole.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject members) target[name] = Apply(target[name] as JsonObject ?? [], members);
            else target[name] = value.DeepClone();
        }

        return target;
    }
}
