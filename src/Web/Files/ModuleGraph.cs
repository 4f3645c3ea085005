using System.Text;
using System.Text.RegularExpressions;

namespace Movento.Web.Files;

/// <summary>Which modules a script imports, directly or not. A page names them all, so that a browser asks for them at once
/// instead of finding them one import after another.</summary>
internal static partial class ModuleGraph
{
    // Other people's libraries come bundled: they import nothing.
    private const string LibraryPrefix = "lib/";

    /// <summary>Every module that <paramref name="entry"/> needs, itself left out, in the order in which they are met.</summary>
    /// <exception cref="InvalidOperationException">A module imports a file that is not there: found at start, not by a viewer.</exception>
    public static IReadOnlyList<string> ImportsOf(string entry, IReadOnlyDictionary<string, byte[]> files)
    {
        var met = new List<string> { entry };
        for (var index = 0; index < met.Count; index++)
        {
            var module = met[index];
            if (module.StartsWith(LibraryPrefix, StringComparison.Ordinal)) continue;
            foreach (Match import in Import().Matches(Encoding.UTF8.GetString(files[module])))
            {
                var path = Resolve(module, import.Groups[1].Value);
                if (!files.ContainsKey(path)) throw new InvalidOperationException($"{module} imports {path}, which does not exist.");
                if (!met.Contains(path)) met.Add(path);
            }
        }

        return met[1..];
    }

    private static string Resolve(string module, string specifier) =>
        new Uri(new Uri("http://files/" + module), specifier).AbsolutePath[1..];

    [GeneratedRegex("""^import .*?'(\.[^']+)';$""", RegexOptions.Multiline)]
    private static partial Regex Import();
}
