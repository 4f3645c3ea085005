using System.Text.Json;
using System.Text.Json.Serialization;

namespace Movento.ControlPlane.Billing.Stripe;

/// <summary>Reads what is either an id or the object with that id, whichever the sender chose.</summary>
internal sealed class StripeIdConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.StartObject:
                using (var found = JsonDocument.ParseValue(ref reader))
                    return found.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
            default:
                throw new JsonException();
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
