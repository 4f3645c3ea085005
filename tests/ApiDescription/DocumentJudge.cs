using System.Text.Json;
using System.Text.RegularExpressions;
using Movento.Harness;

namespace Movento.ApiDescription.Tests;

/// <summary>
/// Holds answers against the document by itself, where Prism cannot: an answer with a status that has a body or has none, HEAD, and streams of events. Headers are held too,
/// of which Prism looks at none that is not described. Schemas are judged by Ajv, all at once.
/// </summary>
public sealed class DocumentJudge(DescribedHost host)
{
    // What an answer says of an upload or of where something is. Any answer to a request of tus has Tus-Resumable, as the protocol wants.
    private static readonly Regex Described = new("^(Upload-(?!Draft-Interop).*|Tus-.*|Location|Content-Location|Accept-Patch|Allow|Repr-Digest)$", RegexOptions.IgnoreCase);

    private readonly List<string> _wrong = [];
    private readonly List<(string What, JsonElement Schema, JsonElement Instance)> _bodies = [];

    /// <summary>Holds an answer without its body.</summary>
    /// <param name="operationId">What was asked for.</param>
    /// <param name="answer">What came.</param>
    /// <param name="text">Its body; empty where it has none.</param>
    public void Hold(string operationId, HttpResponseMessage answer, string text)
    {
        var operation = host.Operations.Single(one => one.Id == operationId);
        var status = (int)answer.StatusCode;
        var what = $"{operation} → {status}";
        if (!operation.Json.GetProperty("responses").TryGetProperty($"{status}", out var described))
        {
            _wrong.Add($"{what}: the document has no such status.");
            return;
        }

        var headers = described.TryGetProperty("headers", out var said) ? said.EnumerateObject().Select(header => header.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) : [];
        foreach (var (name, _) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (Described.IsMatch(name) && !headers.Contains(name) && !(status >= 400 && name == "Tus-Resumable")) _wrong.Add($"{what}: the document has no header {name}.");
        }

        var contents = described.TryGetProperty("content", out var content) ? content : default;
        var type = answer.Content.Headers.ContentType?.MediaType;
        // Only an answer that says so may be without its body.
        if (type is null)
        {
            var mayBeEmpty = contents.ValueKind == JsonValueKind.Undefined || operation.Method == "head"
                || described.GetProperty("description").GetString()!.Contains("without a body", StringComparison.Ordinal);
            if (!mayBeEmpty) _wrong.Add($"{what}: there is no body.");
        }
        else if (contents.ValueKind == JsonValueKind.Undefined || !contents.TryGetProperty(type, out var media))
        {
            _wrong.Add($"{what}: the document has no {type}.");
        }
        else if (type.EndsWith("json", StringComparison.Ordinal) && text.Length > 0)
        {
            Hold(what, media.GetProperty("schema"), text);
        }
    }

    /// <summary>Holds JSON against a schema of the document.</summary>
    public void Hold(string what, JsonElement schema, string json) => _bodies.Add((what, schema, JsonElement.Parse(json)));

    /// <summary>Holds the data of an event against a component.</summary>
    public void HoldEvent(string what, string component, string data) =>
        Hold(what, JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["$ref"] = "#/components/schemas/" + component }), data);

    /// <summary>Everything that is not as the document says.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("bodies.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(_bodies.Select(body => new { what = body.What, schema = body.Schema, instance = body.Instance })));
        var modules = Repository.Combine("tests", "npm", "node_modules");
        var result = await Tool.RunAsync("node", "-e", Judge, modules, host.DocumentFile, path);
        Assert.True(result.ExitCode == 0, result.Errors);
        return [.. _wrong, .. JsonSerializer.Deserialize<string[]>(result.Output)!];
    }

    private const string Judge =
        """
        const [modules, document, bodies] = process.argv.slice(1);
        const read = path => JSON.parse(require("fs").readFileSync(path, "utf8"));
        const Ajv = require(modules + "/ajv/dist/2020").default;
        const ajv = new Ajv({ strict: false, allErrors: true });
        require(modules + "/ajv-formats").default(ajv);
        ajv.addSchema(read(document), "document");
        const resolved = schema => JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/'));
        console.log(JSON.stringify(read(bodies).flatMap(({ what, schema, instance }) =>
          ajv.validate(resolved(schema), instance) ? [] : [`${what}: ${ajv.errorsText()} in ${JSON.stringify(instance)}`])));
        """;
}
