#include "viz/words.hpp"

#include <map>

namespace dvinis::viz {

namespace {

/// Terms of civil protection as the State Fire and Rescue Service and LVĢMC use them: warnings are dzeltens,
/// oranžs, sarkans; an assembly point is a pulcēšanās vieta, a reception site an izmitināšanas vieta, a
/// protective shelter a patvertne.
const std::map<std::string, std::string>& latvian() {
  static const std::map<std::string, std::string> words = {
      // Pictures.
      {"Building", "Ēka"},
      {"Gauge", "Hidroloģiskā stacija"},
      {"Surveyed mark", "Uzmērīta plūdu zīme"},
      {"Inflow", "Pieplūde"},
      {"Structure", "Būve"},
      {"Cross-section", "Šķērsgriezums"},
      {"No elevation known", "Augstums nav zināms"},
      {"Without room for a name: ", "Bez vietas nosaukumam: "},
      {"and above", "un vairāk"},
      {"and below", "un mazāk"},
      {"Dry, or less than {:g} {} of water", "Sauss vai mazāk par {:g} {} ūdens"},
      {"Nothing", "Nekā"},
      {"Time", "Laiks"},
      {"Time since", "Laiks kopš"},
      {"The {} of {} with the largest values.", "{} no {} ar lielākajām vērtībām."},
      {"Scenario {} \u00b7 {} \u00d7 {} cells of {} m \u00b7 {}",
       "Scenārijs {} \u00b7 {} \u00d7 {} šūnas pa {} m \u00b7 {}"},
      {" \u00b7 heights: {}", " \u00b7 augstumi: {}"},
      {"maximum water depth", "lielākais ūdens dziļums"},
      {"maximum flow speed", "lielākais straumes ātrums"},
      {"time from start until water arrives", "laiks no sākuma līdz ūdens atnākšanai"},
      {"time under water", "laiks zem ūdens"},
      {"general flood hazard class", "plūdu bīstamības klase"},
      {"Australia, guideline 7-3", "Austrālija, vadlīnijas 7-3"},
      {"H1 safe for people, vehicles and buildings", "H1 droši cilvēkiem, transportlīdzekļiem un ēkām"},
      {"H2 unsafe for small vehicles", "H2 bīstami nelieliem transportlīdzekļiem"},
      {"H3 unsafe for vehicles, children and the elderly",
       "H3 bīstami transportlīdzekļiem, bērniem un vecāka gadagājuma cilvēkiem"},
      {"H4 unsafe for people and vehicles", "H4 bīstami cilvēkiem un transportlīdzekļiem"},
      {"H5 unsafe for people and vehicles, buildings vulnerable",
       "H5 bīstami cilvēkiem un transportlīdzekļiem, ēkas apdraudētas"},
      {"H6 unsafe for everyone, buildings may fail", "H6 bīstami visiem, ēkas var sabrukt"},
      {"water level", "ūdens līmenis"},
      {"water level; the ground where dry", "ūdens līmenis; kur sauss, zemes augstums"},
      {"water at gauges, in the cell that holds the gauge", "ūdens hidroloģiskajās stacijās"},
      // The report.
      {"Computed forecast from {} to {}. A flood map is a computation, not a promise.",
       "Aprēķināta prognoze no {} līdz {}. Plūdu karte ir aprēķins, nevis solījums."},
      {"Water reaches no building.", "Ūdens nesasniedz nevienu ēku."},
      {"Buildings that water reaches: {}.", "Ūdens sasniegtās ēkas: {}."},
      {"People in them: {}.", "Iedzīvotāji tajās: {}."},
      {"The first one: {}.", "Pirmā no tām: {}."},
      {"The first ones stand in water at the start.", "Pirmās stāv ūdenī jau sākumā."},
      {"Deepest water at a building: {} m.", "Lielākais ūdens dziļums pie ēkas: {} m."},
      {"Closed parts of roads: {}.", "Slēgti ceļu un ielu posmi: {}."},
      {"Highest level, {}: {} m, {}.", "Augstākais līmenis, {}: {} m, {}."},
      {"Highest level, {}: {} m.", "Augstākais līmenis, {}: {} m."},
      {"buildings reached by water", "ūdens sasniegtās ēkas"},
      {"people in them", "iedzīvotāji tajās"},
      {"closed parts of roads", "slēgti ceļu un ielu posmi"},
      {"flooded land", "applūdusī platība"},
      {"Maps", "Kartes"},
      {"Levels", "Ūdens līmeņi"},
      {"Highest level [m]", "Augstākais līmenis [m]"},
      {"When", "Kad"},
      {"Heights: {}.", "Augstumi: {}."},
      {"{} more rows are in {}.", "Vēl {} rindas ir datnē {}."},
      {"Buildings", "Ēkas"},
      {"No.", "Nr."},
      {"People", "Iedzīvotāji"},
      {"First water", "Pirmais ūdens"},
      {"First water (local time)", "Pirmais ūdens (vietējais laiks)"},
      {"First water (UTC)", "Pirmais ūdens (UTC)"},
      {"Deepest water [m]", "Lielākais dziļums [m]"},
      {"Last safe minute on foot", "Pēdējā drošā minūte kājām"},
      {"Last safe minute on foot (local time)", "Pēdējā drošā minūte kājām (vietējais laiks)"},
      {"Last safe minute on foot (UTC)", "Pēdējā drošā minūte kājām (UTC)"},
      {"Hazard class", "Bīstamības klase"},
      {"Danger", "Bīstamība"},
      {"safe all along", "droši visu laiku"},
      {"yellow", "dzeltens"},
      {"orange", "oranžs"},
      {"red", "sarkans"},
      {"Water at the walls. On foot: until it is unsafe for children and the elderly there (class H3); the "
       "way out "
       "may close earlier. Yellow: H1 and H2, orange: H3 and H4, red: H5 and H6.",
       "Ūdens pie sienām. Kājām: līdz tas tur kļūst bīstams bērniem un vecāka gadagājuma cilvēkiem (klase "
       "H3); ceļš "
       "prom var tikt slēgts agrāk. Dzeltens: H1 un H2, oranžs: H3 un H4, sarkans: H5 un H6."},
      {"Closed roads", "Slēgtie ceļi un ielas"},
      {"Road", "Ceļš vai iela"},
      {"Closed from", "Slēgts no"},
      {"Closed from (local time)", "Slēgts no (vietējais laiks)"},
      {"Closed from (UTC)", "Slēgts no (UTC)"},
      {"Closed until", "Slēgts līdz"},
      {"Closed until (local time)", "Slēgts līdz (vietējais laiks)"},
      {"Closed until (UTC)", "Slēgts līdz (UTC)"},
      {"still closed at the end", "beigās vēl slēgts"},
      {"Measures", "Pasākumi"},
      {"Measure", "Pasākums"},
      {"Decided", "Lēmums"},
      {"Works from", "Darbojas no"},
      {"Cost", "Izmaksas"},
      {"What a measure saves shows beside a run without it: dvinis compare.",
       "Ko pasākums glābj, redzams blakus aprēķinam bez tā: dvinis compare."},
      {"What happens when", "Kas kad notiek"},
      {"What", "Kas"},
      {"Where", "Kur"},
      {"levee breaks", "pārrauts dambis"},
      {"ice jam breaks", "ledus sastrēgums pārrauts"},
      {"pump starts", "sūknis sāk darbu"},
      {"pump stops", "sūknis apstājas"},
      {"measure decided", "pieņemts lēmums par pasākumu"},
      {"measure works", "pasākums darbojas"},
      {"{} more events are in the results file.", "Vēl {} notikumi ir rezultātu datnē."},
      {"Read with care", "Lasiet piesardzīgi"},
      {"The run is not finished: what comes later is not in this report.",
       "Aprēķins nav pabeigts: kas notiek vēlāk, šajā pārskatā nav."},
      {"Water stands at the closed edge of the model over {} m: it would go on there.",
       "Ūdens stāv pie modeļa slēgtās malas {} m garumā: tur tas tecētu tālāk."},
      {"Fast mode: momentum is carried to first order; rapid flow and jets are approximate.",
       "Ātrais režīms: kustības daudzums pārnests ar pirmo kārtu; strauja plūsma un strūklas ir aptuvenas."},
      {"Cells of {} m with the finer ground in tables: on the generated town of Ogre such levels stood 0.08 "
       "m too "
       "high at the houses.",
       "Šūnas pa {} m ar smalkāku reljefu tabulās: ģenerētajā Ogres pilsētā šādi līmeņi pie ēkām bija par "
       "0,08 m "
       "par augstu."},
      {"Cells of {} m are wider than streets: depths at single houses are rough.",
       "Šūnas pa {} m ir platākas par ielām: dziļumi pie atsevišķām ēkām ir aptuveni."},
      {"{} % of the work was beyond the limits of the fast mode.",
       "{} % aprēķina bija ārpus ātrā režīma robežām."},
      {"The ice jam is a share of the river blocked at one line; real jams move and float.",
       "Ledus sastrēgums ir vienā līnijā aizsprostota upes daļa; īsti sastrēgumi pārvietojas un peld."},
      {"The breach grows by a general law of erosion that is not fitted to this levee.",
       "Dambja pārrāvums aug pēc vispārīga erozijas likuma, kas nav pieskaņots šim dambim."},
      {"Sewers are not in the model: rain runs off over the ground.",
       "Lietus kanalizācijas modelī nav: lietus notek pa zemes virsu."},
      {"The ground is smooth: no roughness was given.", "Zeme ir gluda: raupjums nav dots."},
      {"Structures were held back for want of water {} times.", "Būvēm pietrūka ūdens {} reizes."},
      {"Water at walls counts from 1 cm; floors, cellars and flood doors are not in the model.",
       "Ūdens pie sienām skaitās no 1 cm; grīdu, pagrabu un plūdu aizsargu modelī nav."},
      {"Water balance", "Ūdens bilance"},
      {"Account", "Postenis"},
      {"m\u00b3", "m\u00b3"},
      {"in the model at the start", "modelī sākumā"},
      {"in the model at the end", "modelī beigās"},
      {"unaccounted", "bilances kļūda"},
      {"rain", "lietus"},
      {"infiltration", "iesūkšanās zemē"},
      {"clipped", "noapaļots"},
      {"Sources", "Avoti"},
      {"Read: {}.", "Nolasīts: {}."},
      {"Times on this page: {}, summer time included; in the results file: UTC.",
       "Laiki šajā lapā: {}, ieskaitot vasaras laiku; rezultātu datnē: UTC."},
      {"For a spreadsheet: {}.", "Izklājlapai: {}."},
      {"the whole run, from {} to {}", "viss aprēķins, no {} līdz {}"},
  };
  return words;
}

}  // namespace

std::string say(Language language, const std::string& english) {
  if (language == Language::english) return english;
  const auto found = latvian().find(english);
  return found == latvian().end() ? english : found->second;
}

bool knows(Language language, const std::string& english) {
  return language == Language::english || latvian().count(english) > 0;
}

std::string decimal(Language language, std::string text) {
  if (language == Language::english) return text;
  for (char& letter : text) {
    if (letter == '.') letter = ',';
  }
  return text;
}

}  // namespace dvinis::viz
