import Testing

/// What no memory holds is refused before it is asked for.
@Suite struct MemoryTests {
  @Test(arguments: [
    "data glyphs samples=60 | encode population neurons=1000 steps=65535 | plot raster",
    "data glyphs samples=60 | encode population neurons=1000 steps=65535 | decode",
    "data glyphs samples=60 | dense 10000 | relu | dense 10 | train backprop epochs=1 | convert model steps=1000000 | probe",
    "data glyphs samples=60 | dense 10000 | relu | dense 10 | train backprop epochs=1 | convert model steps=1000000 | plot membrane",
    "data glyphs samples=60 | dense 10000 | relu | dense 10 | train backprop epochs=1 | convert model steps=1000000 | activity",
    "data glyphs samples=60 | dense 10000 | relu | dense 10 | train backprop epochs=1 | convert spike watched=1000000",
  ])
  func refused(_ line: String) throws {
    let text = try Lab().run(line)
    #expect(text.contains("error[memory]") && text.contains("fewer steps"), "\(text)")
  }
}
