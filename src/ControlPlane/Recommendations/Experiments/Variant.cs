using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Movento.ControlPlane.Recommendations.Experiments;

/// <summary>Which of two ways of choosing somebody gets: the same for as long as the experiment has its name, and dealt evenly whatever ids are like.</summary>
internal static class Variant
{
    /// <summary>What the model says.</summary>
    public const string Model = "model";

    /// <summary>What is watched most.</summary>
    public const string Control = "control";

    public static string Of(Guid viewer, RecommendationsOptions options)
    {
        if (options.ControlShare == 0) return Model;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Experiment}/{viewer:N}"));
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) < options.ControlShare * ulong.MaxValue ? Control : Model;
    }
}
